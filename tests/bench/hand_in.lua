-- hand_in.lua: wrk hands in a new document with every request and counts the answers by status.
-- Of one form each office hands in the four quarters of a year, then each of them again as revision 2, then the next year.
-- usage: wrk -t1 … -s hand_in.lua URL -- FOLDER FIRST_FORM    (one wrk thread, so that this order holds)
-- prints: result MICROSECONDS ACCEPTED P50 P99 OTHERS…        (times in µs; OTHERS are STATUS:COUNT, or failed:COUNT)

local first_year, years, quarters = 100, 21, 4 -- as inputs.py makes the plan
local offices, tokens, fields, threads = {}, {}, {}, {}
local path, first_form, first_key
local n = -2 -- wrk asks for one request that it never sends
statuses = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function init(arguments)
  local folder = arguments[1]
  path, first_form, first_key = wrk.path, tonumber(arguments[2]), os.time() * 1000000
  for line in io.lines(folder .. "/tokens") do
    offices[#offices + 1], tokens[#tokens + 1] = line:match("(%S+) (%S+)")
  end
  for line in io.lines(folder .. "/fields") do
    fields[#fields + 1] = line
  end
end

function request()
  n = n + 1
  local k = math.max(n, 0)
  local office = k % #offices + 1
  local quarter = math.floor(k / #offices) % quarters + 1
  local base = math.floor(k / #offices / quarters) % 2
  local year = math.floor(k / #offices / quarters / 2)
  local form = first_form + math.floor(year / years)
  local body = string.format('{"form":"training-%02d","office":"%s","period":"%dQ%d","base":%d,"fields":%s}', form,
    offices[office], first_year + year % years, quarter, base, fields[(k + base) % #fields + 1])
  return string.format("POST %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n" ..
    "Idempotency-Key: %d\r\nContent-Length: %d\r\n\r\n%s", path, tokens[office], first_key + k, #body, body)
end

function response(status)
  statuses[status] = (statuses[status] or 0) + 1
end

function done(summary, latency)
  local accepted, others = 0, ""
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do
      if status == 201 then
        accepted = accepted + count
      else
        others = others .. string.format(" %d:%d", status, count)
      end
    end
  end
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  if failed > 0 then
    others = others .. string.format(" failed:%d", failed)
  end
  print(string.format("result %d %d %d %d%s", summary.duration, accepted, latency:percentile(50), latency:percentile(99), others))
end
