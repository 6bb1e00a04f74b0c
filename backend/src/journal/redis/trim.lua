-- Drops the records up to a position. KEYS: the line's state, its stream, the indexes of the topics they are on.
-- ARGV: the position, and the id of the first entry that stays.
local before = tonumber(redis.call('HGET', KEYS[1], 'oldest') or '0')
if before < tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'oldest', ARGV[1])
end
for index = 3, #KEYS do
  redis.call('ZREMRANGEBYSCORE', KEYS[index], '-inf', ARGV[1])
end
return redis.call('XTRIM', KEYS[2], 'MINID', ARGV[2])
