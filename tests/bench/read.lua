-- read.lua: prints what wrk measured: result MICROSECONDS ANSWERS P50 P99 OTHERS…    (as hand_in.lua does)

function done(summary, latency)
  local errors, others = summary.errors, ""
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  if failed > 0 then
    others = string.format(" failed:%d", failed)
  end
  print(string.format("result %d %d %d %d%s", summary.duration, summary.requests - errors.status, latency:percentile(50),
    latency:percentile(99), others))
end
