-- Appends records if the head is the expected one; else brings what the caller is missing.
--
-- KEYS: the line's state, its stream, its proofs, then the topics' indexes.
-- ARGV: how to publish, where topics are published, the expected epoch, seq and id, how many missing records to bring at most,
--       how many records follow. Of each: seq, id, frame, topics, private; how many topics, and of each the number of
--       its index among KEYS and its name; how many proofs, and of each the holder and the proof (empty: none any more).
--
-- Answers { 1 } when all is written; { 0, record… } when nothing is.
local state = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'id')
local epoch, seq, id = state[1], state[2] or '0', state[3] or ''
local expected_seq, expected_id = ARGV[4], ARGV[5]

-- Another life of the line, or one whose tail was lost: there is nothing that the caller could go on from.
if epoch ~= ARGV[3] or tonumber(seq) < tonumber(expected_seq) then
  return { 0 }
end
if seq ~= expected_seq or id ~= expected_id then
  if expected_seq ~= '0' then
    local there = redis.call('XRANGE', KEYS[2], expected_seq, expected_seq)
    if #there == 0 or there[1][2][2] ~= expected_id then
      return { 0 }
    end
  end
  local answer = redis.call('XRANGE', KEYS[2], '(' .. expected_seq .. '-0', '+', 'COUNT', ARGV[6])
  table.insert(answer, 1, 0)
  return answer
end

local at = 7
local function next_argument()
  at = at + 1
  return ARGV[at]
end

-- The first command that writes is refused if any would be: Redis is read-only, out of memory, without enough replicas.
-- So all of this happens or nothing.
local published = {}
for _ = 1, tonumber(ARGV[7]) do
  seq, id = next_argument(), next_argument()
  local frame, topics, private = next_argument(), next_argument(), next_argument()
  redis.call('XADD', KEYS[2], seq .. '-0', 'id', id, 'event', frame, 'topics', topics, 'private', private)
  for _ = 1, tonumber(next_argument()) do
    local index, topic = KEYS[tonumber(next_argument())], next_argument()
    redis.call('ZADD', index, seq, seq)
    table.insert(published, { topic, frame })
  end
  table.insert(published, { 'all', frame })
  for _ = 1, tonumber(next_argument()) do
    local holder, proof = next_argument(), next_argument()
    if proof == '' then
      redis.call('HDEL', KEYS[3], holder)
    else
      redis.call('HSET', KEYS[3], holder, proof)
    end
  end
end
redis.call('HSET', KEYS[1], 'seq', seq, 'id', id)
for _, message in ipairs(published) do
  redis.call(ARGV[1], ARGV[2] .. message[1], message[2])
end
return { 1 }
