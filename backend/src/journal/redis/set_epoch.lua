-- Sets a new epoch in place of the one that is expected. KEYS: the line's state. ARGV: the expected epoch, the new one.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'epoch', ARGV[2])
return 1
