-- Adds entries to the log of a run, unless a newer claim has written to it, or they were added last by the same key.
-- KEYS: the log, the hash of the claims that wrote last, the index of logs, the hash of the keys that wrote last.
-- ARGV: run, claim, field, key (empty: none), entries.
-- Answers whether the claim is stale, and the newer claim or the offset of the first entry, and whether it was there.
local newest = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or ARGV[2])
if tonumber(ARGV[2]) < newest then
  return {1, newest, 0}
end
local key = ARGV[4]
if key ~= '' then
  -- The offset of the first entry then, and the key.
  local first, known = string.match(redis.call('HGET', KEYS[4], ARGV[1]) or '', '^(%d+) (.*)$')
  if known == key then
    return {0, tonumber(first), 1}
  end
end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local offset = 0
if last[1] then
  offset = tonumber(string.match(last[1][1], '^%d+'))
end
for n = 5, #ARGV do
  redis.call('XADD', KEYS[1], string.format('%d-0', offset + n - 4), ARGV[3], ARGV[n])
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], 'NX', redis.call('TIME')[1], ARGV[1])
if key ~= '' then
  redis.call('HSET', KEYS[4], ARGV[1], string.format('%d %s', offset + 1, key))
end
return {0, offset + 1, 0}
