-- Adds entries to the log of a run, unless a newer claim has written to it.
-- KEYS: the log, the hash of the claims that wrote last, the index of logs. ARGV: run, claim, field, entries.
-- Answers whether the claim is stale, and the newer claim or the offset of the first entry.
local newest = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or ARGV[2])
if tonumber(ARGV[2]) < newest then
  return {1, newest}
end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local offset = 0
if last[1] then
  offset = tonumber(string.match(last[1][1], '^%d+'))
end
for n = 4, #ARGV do
  redis.call('XADD', KEYS[1], string.format('%d-0', offset + n - 3), ARGV[3], ARGV[n])
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], 'NX', redis.call('TIME')[1], ARGV[1])
return {0, offset + 1}
