-- Writes something and takes it away again, and publishes as an append does.
-- KEYS: what is written. ARGV: how to publish, on which channel, and what.
redis.call('SET', KEYS[1], ARGV[3])
redis.call('DEL', KEYS[1])
redis.call(ARGV[1], ARGV[2], ARGV[3])
return 1
