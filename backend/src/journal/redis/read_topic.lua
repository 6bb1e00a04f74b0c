-- The records of a topic. KEYS: its index, the line's stream. ARGV: `ZRANGEBYSCORE` or `ZREVRANGEBYSCORE`, from where, to
-- where, how many at most.
local seqs = redis.call(ARGV[1], KEYS[1], ARGV[2], ARGV[3], 'LIMIT', 0, ARGV[4])
local records = {}
for _, seq in ipairs(seqs) do
  local there = redis.call('XRANGE', KEYS[2], seq, seq)
  if there[1] then
    table.insert(records, there[1])
  end
end
return records
