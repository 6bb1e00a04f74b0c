-- Makes an uploaded snapshot the newest, if it is newer and of this very line.
-- KEYS: the line's state, its stream, the upload. ARGV: its position, the id of the event there, its key, the seconds that
-- the one before it is kept for those who are reading it.
local before = redis.call('HMGET', KEYS[1], 'snapshot_seq', 'snapshot_key')
local there = redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[1])
local is_of_this_line = there[1] and there[1][2][2] == ARGV[2]
local is_newer = not before[1] or tonumber(before[1]) < tonumber(ARGV[1])
if not (is_of_this_line and is_newer and redis.call('PERSIST', KEYS[3]) == 1) then
  redis.call('UNLINK', KEYS[3])
  return 0
end
redis.call('HSET', KEYS[1], 'snapshot_seq', ARGV[1], 'snapshot_key', ARGV[3])
if before[2] then
  redis.call('EXPIRE', before[2], ARGV[4])
end
return 1
