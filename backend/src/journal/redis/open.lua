-- Sets what a line begins with, where it has not begun. Answers its format and its epoch.
-- KEYS: the line's state. ARGV: the format, a fresh epoch.
local there = redis.call('HMGET', KEYS[1], 'format', 'epoch')
if there[2] then
  return there
end
redis.call('HSET', KEYS[1], 'format', ARGV[1], 'epoch', ARGV[2])
return { ARGV[1], ARGV[2] }
