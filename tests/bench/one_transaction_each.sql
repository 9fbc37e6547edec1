-- What the daemon's writer sends for one hand-in (server/ledger/batch.c), as one transaction of its own, for
--   pgbench -n -M prepared -c 64 -f one_transaction_each.sql -D log_step=0|1 …        (run.sh gives the other variables)
-- log_step=0: all clients write in one log, as the offices of a city do, and wait for the lock of its head;
-- log_step=1: each client has a log of its own, and none waits for another.
-- Each office hands in, then each again as revision 2, then the next period, as hand_in.lua does. The size of every value
-- is that of the daemon's own; digests are digits, for pgbench cannot hash. The second set_config of the daemon's batch,
-- before each hand-in, is left out: here it would only repeat the first.
\set n :n + 1
\set log 1000 + :log_step * :client_id
\set office 10000010 + 10 * (:n % 368)
\set base :n / 368 % 2
\set period 10000 + :n / 736 * 64 + :client_id
\set id 1000000000000000 + :round * 10000000000000 + :client_id * 100000000000 + :n
begin;
select set_config('tributary.jurisdiction', :log, true), set_config('tributary.role', :role, true), set_config('tributary.office', :office, true), set_config('tributary.token', :token, true);
select sequence, head from tributary.lock_log();
select outcome, id, number, replaces, recorded_at, sequence from tributary.record_submission(:plan, 1::integer, :form, :office, :period, null::uuid, false::boolean, :base::integer, lpad(:id, 32, '0')::uuid, :received_at::timestamptz, null::timestamptz, :token::uuid, :id, lpad(:id, 32, '0')::bytea, lpad(:id, 32, '0')::bytea, lpad(:id, 32, '0')::bytea, lpad(:id, 32, '0')::bytea, :document, 28::integer, 0::integer, true::boolean, false::boolean, :element_state, :element_value::numeric[], null::jsonb);
select tributary.close_batch(:head::bytea, :head::bytea, :key, :signature::bytea, array[:entry]::text[], array[:head]::bytea[]);
commit;
