-- Writes something and takes it away again, and publishes as an append does.
-- KEYS: what is written, the line's state. ARGV: how to publish, on which channel, and what.
if redis.call('EXISTS', KEYS[2]) == 0 then
  return redis.error_reply('GONE ' .. KEYS[2] .. ' is not there any more: this Redis was emptied, or is another one. Restore it from a backup')
end
redis.call('SET', KEYS[1], ARGV[3])
redis.call('DEL', KEYS[1])
redis.call(ARGV[1], ARGV[2], ARGV[3])
return 1
