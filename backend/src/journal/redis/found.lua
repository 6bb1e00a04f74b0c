-- Sets a field of a line's state, if it is not set. Answers what is set. KEYS: the state. ARGV: the field, its value.
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
return redis.call('HGET', KEYS[1], ARGV[1])
