-- Sends requests that were written whole beforehand, so that the generator itself costs little.
-- Arguments: the file of the requests, then "once" or "around".

local requests, position, around = {}, 0, false

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  around = arguments[2] == "around"
  while true do
    local length = file:read("*n")
    if not length then break end
    file:read(1)
    requests[#requests + 1] = file:read(length)
  end
  file:close()
end

function request()
  position = position + 1
  if position > #requests then
    if not around then wrk.thread:stop() end
    position = 1
  end
  return requests[position]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"answered": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "refused": %d, "broken": %d}',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
