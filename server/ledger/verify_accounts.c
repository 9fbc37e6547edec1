/* verify_accounts.c: accounts, sessions, tokens and what people prepare against the log. */
#include "ledger/verify_inside.h"

#define MOMENT "to_char(x.recorded_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

/* Accounts, sessions and tokens: what happened to them is kept as the log says it (tributary.account_event), and what they are
 * now must follow from that. */
static const struct db_statement checks[] = {
    {"verify_account_events",
     "with said as (select x.sequence, jsonb_build_object('kind', x.kind, 'jurisdiction', x.jurisdiction,"
     "   'sequence', x.sequence, 'actor', x.actor, 'recorded_at',"
     "   to_char(x.recorded_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')) || x.said as entry"
     "  from tributary.account_event x where x.jurisdiction = $1),"
     " logged as (select e.sequence, " SOUND_ENTRY " as entry from tributary.log_entry e"
     "  where e.jurisdiction = $1 and e.kind in (" ACCOUNT_KINDS ") and e.entry is not null)"
     " select format('entry %s of the log (%s): what is stored says otherwise, or is gone', sequence,"
     "  coalesce(logged.entry, said.entry) ->> 'kind')"
     " from said full join logged using (sequence) where (said.entry = logged.entry) is not true order by sequence",
     1},
    {"verify_accounts",
     "select format('account %s: it isn''t what the log says of it last', a.account) from tributary.account a"
     " left join lateral (select e.said from tributary.account_event e"
     "  where e.account = a.account and e.said ? 'login_sha256' order by e.sequence desc limit 1) e on true"
     " where a.jurisdiction = $1 and (e.said @> tributary.account_state(a)) is not true order by a.account",
     1},
    {"verify_accounts_gone",
     "select distinct format('account %s, which the log tells of, is gone', e.said ->> 'account') from tributary.account_event e"
     " where e.jurisdiction = $1 and e.said ->> 'account' is not null"
     " and not exists (select from tributary.account a where a.account::text = e.said ->> 'account'"
     "  and a.jurisdiction = e.jurisdiction)",
     1},
    {"verify_event_accounts",
     "select format('entry %s of the log (%s): its row is filed under another account', e.sequence, e.kind)"
     " from tributary.account_event e where e.jurisdiction = $1"
     " and e.account::text is distinct from e.said ->> 'account' order by e.sequence",
     1},
    {"verify_sessions",
     "select format('session %s: the log tells of no such sign-in, or of its end', s.session) from tributary.session s"
     " left join tributary.account a on a.account = s.account where coalesce(a.jurisdiction, s.jurisdiction) = $1"
     " and (s.jurisdiction is distinct from a.jurisdiction or not exists (select from tributary.account_event e"
     "   where e.account = s.account and e.said ->> 'session' = s.session::text"
     "   and e.said ->> 'session_sha256' = encode(s.secret_hash, 'hex'))"
     "  or (s.ended_at is null and exists (select from tributary.account_event e"
     "   where e.account = s.account and e.kind = 'sign_out' and e.said ->> 'session' = s.session::text)))"
     " order by s.session",
     1},
    /* a link ends with a later password, link or disabling of its account, and not otherwise */
    {"verify_resets",
     "select format('password_reset %s: the log tells of no such link, or of its end', r.reset) from tributary.password_reset r"
     " left join tributary.account a on a.account = r.account"
     " left join tributary.account_event e on e.account = r.account and e.said ->> 'reset' = r.reset::text"
     " where coalesce(a.jurisdiction, r.jurisdiction) = $1 and (r.jurisdiction = a.jurisdiction"
     "  and e.said ->> 'reset_sha256' = encode(r.secret_hash, 'hex')"
     "  and e.said ->> 'expires_at' = " MOMENT_TEXT(
         "r.expires_at") "  and (r.used_at is not null) = exists (select from tributary.account_event l"
                         "   where l.account = r.account and l.sequence > e.sequence and (l.kind in ('account_password', 'account_reset')"
                         "    or (l.said ->> 'disabled' = 'true' and not l.said ? 'idle_days')))) is not true order by r.reset",
     1},
    {"verify_tokens",
     "select format('token %s: it isn''t what the log says of it', coalesce(t.token::text, e.said ->> 'token'))"
     " from (select * from tributary.token where jurisdiction = $1) t"
     " full join (select * from tributary.account_event where jurisdiction = $1 and kind = 'token') e"
     "  on e.said ->> 'token' = t.token::text"
     " where (e.said = tributary.token_state(t, coalesce((e.said ->> 'revoked')::boolean, false))"
     "  and (t.revoked_at is not null) = ((e.said ->> 'revoked')::boolean or exists (select from tributary.account_event r"
     "   where r.jurisdiction = $1 and r.kind = 'token_revocation' and r.said ->> 'token' = t.token::text))) is not true"
     " order by 1",
     1},
    {"verify_preparations",
     "with said as (select x.sequence, jsonb_build_object('kind', 'preparation', 'jurisdiction', x.jurisdiction,"
     "   'sequence', x.sequence, 'actor', x.preparer, 'recorded_at', " MOMENT
     ", 'prepared', x.prepared, 'plan', x.plan,"
     "   'form', x.form, 'office', x.office, 'period', x.period, 'sha256', encode(x.sha256, 'hex')) as entry"
     "  from tributary.prepared x where x.jurisdiction = $1 and case when x.bytes is not null then sha256(x.bytes) = x.sha256"
     "   else exists (select from tributary.prepared_end n where n.prepared = x.prepared) end),"
     " logged as (select e.sequence, " SOUND_ENTRY " as entry from tributary.log_entry e"
     "  where e.jurisdiction = $1 and e.kind = 'preparation')"
     " select format('entry %s of the log (preparation): what is stored says otherwise, or is gone', sequence)"
     " from said full join logged using (sequence) where (said.entry = logged.entry) is not true order by sequence",
     1},
    {"verify_prepared_ends",
     "with said as (select x.sequence, jsonb_build_object('kind', 'prepared_rejection', 'jurisdiction', x.jurisdiction,"
     "   'sequence', x.sequence, 'actor', x.actor, 'recorded_at', " MOMENT ", 'prepared', x.prepared,"
     "   'reason_sha256', encode(sha256(convert_to(x.reason, 'UTF8')), 'hex')) as entry"
     "  from tributary.prepared_end x join tributary.prepared p on p.prepared = x.prepared and p.preparer = x.preparer"
     "   and p.office = x.office and p.jurisdiction = x.jurisdiction"
     "  where x.jurisdiction = $1 and x.outcome = 'rejected' and x.revision is null),"
     " logged as (select e.sequence, " SOUND_ENTRY " as entry from tributary.log_entry e"
     "  where e.jurisdiction = $1 and e.kind = 'prepared_rejection')"
     " select format('entry %s of the log (prepared_rejection): what is stored says otherwise, or is gone', sequence)"
     " from said full join logged using (sequence) where (said.entry = logged.entry) is not true order by sequence",
     1},
    {"verify_releases",
     "with said as (select x.sequence, x.prepared::text, x.preparer::text, x.actor::text, x.revision::text, x.recorded_at"
     "  from tributary.prepared_end x join tributary.prepared p on p.prepared = x.prepared and p.office = x.office"
     "   and p.jurisdiction = x.jurisdiction where x.jurisdiction = $1 and x.outcome = 'released' and x.reason is null),"
     " logged as (select e.sequence, j.said ->> 'prepared' as prepared, j.said ->> 'prepared_by' as preparer,"
     "   j.said ->> 'actor' as actor, j.said ->> 'submission' as revision,"
     "   (j.said ->> 'recorded_at')::timestamptz as recorded_at from tributary.log_entry e"
     "  cross join lateral (select " SOUND_ENTRY " as said) j"
     "  where e.jurisdiction = $1 and e.kind = 'submission' and position('\"prepared\"' in e.entry) > 0"
     "   and j.said ? 'prepared')"
     " select distinct format('entry %s of the log: who prepared what it releases was changed, or is gone', sequence)"
     " from ((table said except table logged) union all (table logged except table said)) changed",
     1},
};

bool verify_accounts(struct db *db, const char *jurisdiction, struct verification *verification)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!verify_none(db, &checks[i], jurisdiction, verification))
            return false;
    return true;
}
