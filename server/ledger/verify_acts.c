/* verify_acts.c: acts (ledger/act.h) against the log. A new kind of act is one more row of
 * the table, and of log_kinds.def. */
#include "ledger/log_kinds.h"
#include "ledger/verify_inside.h"

/* Each entry of `kind` must say, member by member, what its row says, and each row have its entry. `table` is the store's,
 * with the columns jurisdiction, sequence, recorded_at and `actor`; `members` are the others of the entry, from row x, and
 * `more` an object of those that are there only sometimes. */
#define ROWS_AND_ENTRIES_WITH(kind, table, actor, members, more)                                                       \
    "with said as (select x.sequence, jsonb_build_object('kind', '" kind "', 'jurisdiction', x.jurisdiction,"          \
    "   'sequence', x.sequence, 'actor', x." actor ", 'recorded_at',"                                                  \
    "   to_char(x.recorded_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), " members ") || " more         \
    "   as entry"                                                                                                      \
    "  from " table " x where x.jurisdiction = $1),"                                                                   \
    " logged as (select e.sequence, " SOUND_ENTRY " as entry from tributary.log_entry e"                               \
    "  where e.jurisdiction = $1 and e.kind = '" kind "')"                                                             \
    " select format('entry %s of the log (" kind "): what is stored says otherwise, or is gone', sequence)"            \
    " from said full join logged using (sequence) where (said.entry = logged.entry) is not true order by sequence"

#define ROWS_AND_ENTRIES(kind, table, members) ROWS_AND_ENTRIES_WITH(kind, table, "token", members, "'{}'::jsonb")

static const struct db_statement kinds[] = {
    {"verify_extensions",
     ROWS_AND_ENTRIES("extension", "tributary.extension",
                      "'extension', x.id, 'plan', x.plan, 'office', x.office, 'form', x.form, 'period', x.period,"
                      " 'until', x.until, 'reason', x.reason, 'granted_by', x.granted_by"),
     1},
    {"verify_feeds",
     ROWS_AND_ENTRIES(
         "calendar_feed", "tributary.calendar_feed",
         "'feed', x.id, 'plan', x.plan, 'office', x.office, 'secret_sha256', encode(x.secret_hash, 'hex')"),
     1},
    {"verify_feed_revocations",
     ROWS_AND_ENTRIES("calendar_feed_revocation", "tributary.calendar_feed_revocation",
                      "'feed', x.feed, 'office', x.office"),
     1},
    {"verify_reviews",
     ROWS_AND_ENTRIES(
         "review",
         "(select v.*, v.actor as token from tributary.review v join tributary.revision r on r.id = v.revision"
         "  and r.submission = v.submission and r.number = v.number and r.jurisdiction = v.jurisdiction"
         "  and r.office = v.office and r.plan_version = v.plan_version"
         " join tributary.submission s on s.submission = v.submission and s.plan = v.plan and s.form = v.form)",
         "'review', x.review, 'submission', x.revision, 'office', x.office, 'revision', x.number, 'submitter', x.submitter,"
         " 'stage', x.stage, 'place', x.place, 'outcome', x.outcome, 'official', x.official, 'passed', x.passed,"
         " 'reason_sha256', encode(sha256(convert_to(x.reason, 'UTF8')), 'hex'), 'cells', to_jsonb(x.cells),"
         " 'meeting', x.meeting, 'meeting_record', x.meeting_record, 'break_glass', x.break_glass, 'role', x.actor_role"),
     1},
    {"verify_meetings",
     ROWS_AND_ENTRIES_WITH("meeting", "tributary.meeting", "actor",
                           "'meeting', x.meeting, 'plan', x.plan, 'body', x.body, 'held_on', x.held_on,"
                           " 'document_number', x.document_number",
                           "tributary.meeting_more_said(row(x.*)::tributary.meeting)"),
     1},
    /* the first step of one that was planned stands in its own entry */
    {"verify_meeting_steps",
     ROWS_AND_ENTRIES_WITH(
         "meeting_step",
         "(select s.* from tributary.meeting_step s where not exists (select from tributary.meeting m"
         "  where m.meeting = s.meeting and m.jurisdiction = s.jurisdiction and m.sequence = s.sequence))",
         "actor", "'step', x.step", "tributary.meeting_step_said(row(x.*)::tributary.meeting_step)"),
     1},
    {"verify_meeting_agendas",
     ROWS_AND_ENTRIES_WITH("meeting_agenda", "tributary.meeting_agenda", "actor", "'meeting', x.meeting",
                           "tributary.meeting_agenda_said(row(x.*)::tributary.meeting_agenda)"),
     1},
    {"verify_meeting_sheets",
     ROWS_AND_ENTRIES_WITH("meeting_sheet", "tributary.meeting_sheet", "actor", "'meeting', x.meeting",
                           "tributary.meeting_sheet_said(row(x.*)::tributary.meeting_sheet)"),
     1},
    {"verify_meeting_resolutions",
     ROWS_AND_ENTRIES_WITH("meeting_resolutions",
                           "(select distinct r.jurisdiction, r.sequence, r.recorded_at, r.actor"
                           " from tributary.meeting_resolution r)",
                           "actor", "'sequence', x.sequence",
                           "tributary.meeting_resolutions_said(x.jurisdiction, x.sequence)"),
     1},
    {"verify_attachments",
     ROWS_AND_ENTRIES_WITH(
         "attachment",
         "(select a.*, s.plan, s.form, s.period, s.event, c.sha256, c.size from tributary.attachment a"
         " join tributary.submission s using (submission) join tributary.attachment_content c"
         "  on c.content = a.content and c.jurisdiction = a.jurisdiction)",
         "token",
         "'attachment', x.attachment, 'submission', x.revision, 'plan', x.plan, 'form', x.form, 'office', x.office,"
         " 'period', x.period, 'event', x.event, 'slot', x.slot, 'type', x.type, 'size', x.size,"
         " 'name_sha256', encode(sha256(convert_to(x.name, 'UTF8')), 'hex'), 'sha256', encode(x.sha256, 'hex'),"
         " 'received_at', to_char(x.received_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
         "tributary.said_on_behalf(x.on_behalf)"),
     1},
    {"verify_attachment_withdrawals",
     ROWS_AND_ENTRIES_WITH(
         "attachment_withdrawal", "tributary.attachment_withdrawal", "token",
         "'attachment', x.attachment, 'office', x.office,"
         " 'reason_sha256', encode(sha256(convert_to(x.reason, 'UTF8')), 'hex'),"
         " 'received_at', to_char(x.received_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
         "tributary.said_on_behalf(x.on_behalf)"),
     1},
    /* those made together with a revision stand in the revision's entry: verify_rows.c */
    {"verify_attestations",
     ROWS_AND_ENTRIES_WITH("attestation",
                           "(select a.* from tributary.attestation a where not exists (select from tributary.revision r"
                           "  where r.id = a.revision and r.sequence = a.sequence))",
                           "actor", "'attestation', x.attestation, 'submission', x.revision, 'office', x.office",
                           "tributary.said_of_attestation(x.received_at, x.reason, x.attested_by)"),
     1},
    {"verify_closings",
     ROWS_AND_ENTRIES_WITH(
         "closing", "tributary.closing", "actor",
         "'closing', x.closing, 'plan', x.plan, 'period', x.period, 'form', x.form, 'closed', x.closed,"
         " 'reason_sha256', encode(sha256(convert_to(x.reason, 'UTF8')), 'hex'),"
         " 'by_sha256', encode(sha256(convert_to(x.closed_by, 'UTF8')), 'hex')",
         "'{}'::jsonb"),
     1},
    {"verify_remarks",
     ROWS_AND_ENTRIES(
         "remark",
         "(select m.*, m.actor as token, s.plan, s.form, s.period, s.event from tributary.remark m"
         " join tributary.submission s using (submission))",
         "'remark', x.remark, 'submission', x.revision, 'plan', x.plan, 'form', x.form, 'office', x.office,"
         " 'period', x.period, 'event', x.event, 'thread', x.thread, 'answers', x.answers, 'path', x.path,"
         " 'role', x.actor_role, 'text_digest', encode(x.digest, 'hex')"),
     1},
    {"verify_remark_resolutions",
     ROWS_AND_ENTRIES("remark_resolution", "(select s.*, s.actor as token from tributary.remark_resolution s)",
                      "'remark', x.remark, 'office', x.office, 'resolved', x.resolved, 'role', x.actor_role"),
     1},
    /* a text that was erased is gone (verify_owner.c: and an entry says so); one that stands is the one that was logged */
    {"verify_remark_texts",
     "select format('entry %s of the log (remark): the text of remark %s is another, or is gone', m.sequence, m.remark)"
     " from tributary.remark m"
     " left join tributary.remark_text t on t.remark = m.remark and t.office = m.office"
     " and t.jurisdiction = m.jurisdiction where m.jurisdiction = $1 and ((t.erased_at is not null and t.text is null and t.salt is null)"
     " or (t.erased_at is null and m.digest = sha256(t.salt || convert_to(t.text, 'UTF8')))) is not true order by m.sequence",
     1},
    {"verify_mail_preferences",
     ROWS_AND_ENTRIES_WITH("mail_preference", "tributary.mail_preference", "actor",
                           "'preference', x.preference, 'account', x.account, 'opted_out', to_jsonb(x.opted_out),"
                           " 'language', x.language",
                           "'{}'::jsonb"),
     1},
    {"verify_body_members",
     ROWS_AND_ENTRIES_WITH("body_member", "tributary.body_member", "actor", "'member', x.member",
                           "tributary.body_member_said(row(x.*)::tributary.body_member)"),
     1},
    {"verify_body_member_ends",
     ROWS_AND_ENTRIES_WITH("body_member_end", "tributary.body_member_end", "actor",
                           "'ending', x.ending, 'member', x.member, 'ended_on', x.ended_on", "'{}'::jsonb"),
     1},
    {"verify_packs",
     ROWS_AND_ENTRIES_WITH("pack", "tributary.pack", "actor", "'pack', x.pack",
                           "tributary.pack_said(row(x.*)::tributary.pack)"),
     1},
    {"verify_pack_moments",
     "select format('pack %s: its moment is not that of entry %s of the log', p.pack, p.log_sequence)"
     " from tributary.pack p left join tributary.log_entry e"
     "  on e.jurisdiction = p.jurisdiction and e.sequence = p.log_sequence"
     " where p.jurisdiction = $1 and e.recorded_at is distinct from p.as_of order by p.sequence",
     1},
    {"verify_pack_files",
     "select format('pack %s: the bytes of its %s file are others, or of no pack', f.pack, f.format)"
     " from tributary.pack_file f left join tributary.pack p on p.pack = f.pack"
     " where $1 in (f.jurisdiction, p.jurisdiction) and (p.jurisdiction is distinct from f.jurisdiction"
     "  or f.format not in ('odt', 'pdf', 'ods', 'json') or sha256(f.bytes) <> f.sha256)"
     " order by f.pack, f.format",
     1},
    {"verify_decisions",
     ROWS_AND_ENTRIES_WITH("decision", "tributary.decision", "actor", "'decision', x.decision",
                           "tributary.decision_said(row(x.*)::tributary.decision)"),
     1},
    {"verify_decision_progress",
     ROWS_AND_ENTRIES_WITH("decision_progress", "tributary.decision_progress", "actor", "'progress', x.progress",
                           "tributary.decision_progress_said(row(x.*)::tributary.decision_progress)"),
     1},
    /* one ruling is about several owners, each with a row of its own */
    {"verify_decision_rulings",
     ROWS_AND_ENTRIES_WITH(
         "decision_ruling",
         "(select r.ruling, r.decision, r.meeting, r.meeting_record, r.jurisdiction, r.actor, r.sequence,"
         "  r.recorded_at, jsonb_agg(tributary.decision_ruled(r) order by r.owner) as owners"
         " from tributary.decision_ruling r group by 1, 2, 3, 4, 5, 6, 7, 8)",
         "actor",
         "'ruling', x.ruling, 'decision', x.decision, 'meeting', x.meeting,"
         " 'meeting_record', x.meeting_record, 'owners', x.owners",
         "'{}'::jsonb"),
     1},
    {"verify_decision_referrals",
     ROWS_AND_ENTRIES_WITH("decision_referral", "tributary.decision_referral", "actor",
                           "'referral', x.referral, 'decision', x.decision, 'to_body', x.to_body, 'to_unit', x.to_unit,"
                           " 'reason_sha256', encode(sha256(convert_to(x.reason, 'UTF8')), 'hex')",
                           "'{}'::jsonb"),
     1},
    {"verify_decision_outcomes",
     ROWS_AND_ENTRIES_WITH("decision_outcome", "tributary.decision_outcome", "actor",
                           "'outcome', x.outcome, 'referral', x.referral, 'meeting', x.meeting,"
                           " 'text_sha256', encode(sha256(convert_to(x.text, 'UTF8')), 'hex')",
                           "'{}'::jsonb"),
     1},
    {"verify_decision_withdrawals",
     ROWS_AND_ENTRIES_WITH("decision_withdrawal", "tributary.decision_withdrawal", "actor",
                           "'withdrawal', x.withdrawal, 'decision', x.decision,"
                           " 'reason_sha256', encode(sha256(convert_to(x.reason, 'UTF8')), 'hex')",
                           "'{}'::jsonb"),
     1},
    /* an exchange of turns is one entry of two rows */
    {"verify_secretariat_turns",
     ROWS_AND_ENTRIES_WITH(
         "secretariat_turn",
         "(select t.jurisdiction, t.sequence, t.actor, t.recorded_at, t.plan, t.body, t.unit, t.reason,"
         "  jsonb_agg(tributary.turn_said(t) order by t.year) as turns from tributary.secretariat_turn t"
         "  group by t.jurisdiction, t.sequence, t.actor, t.recorded_at, t.plan, t.body, t.unit, t.reason)",
         "actor", "'turns', x.turns", "tributary.turns_said(x.plan, x.body, x.unit, x.reason, x.turns)"),
     1},
    {"verify_sittings_in",
     ROWS_AND_ENTRIES_WITH(
         "sitting_in",
         "(select i.jurisdiction, i.sequence, i.actor, i.recorded_at, i.reason,"
         "  jsonb_agg(tributary.sitting_said(i) order by i.meeting, i.member) as rows from tributary.sitting_in i"
         "  group by i.jurisdiction, i.sequence, i.actor, i.recorded_at, i.reason)",
         "actor", "'allocations', x.rows", "tributary.sittings_said(x.reason, x.rows)"),
     1},
};

/* A name gives its digest until it is erased, and is never merely gone. */
static const struct db_statement names_changed = {
    "verify_member_names",
    "select format('the name of member %s was changed, or is gone without being erased', m.member)"
    " from tributary.body_member m left join tributary.body_member_name n"
    "  on n.member = m.member and n.jurisdiction = m.jurisdiction and n.digest = m.name_digest"
    " where m.jurisdiction = $1 and case when n.erased_at is null"
    "  then sha256(n.salt || convert_to(n.name, 'UTF8')) = m.name_digest"
    "  else n.name is null and n.salt is null end is not true order by m.sequence",
    1};

/* The same of those who were at a meeting. */
static const struct db_statement attendance_names_changed = {
    "verify_attendance_names",
    "select format('a name at meeting %s was changed, or is gone without being erased (%s)', s.meeting, a.attendance)"
    " from tributary.meeting_attendance a join tributary.meeting_sheet s using (jurisdiction, sequence)"
    " left join tributary.meeting_attendance_name n"
    "  on n.attendance = a.attendance and n.jurisdiction = a.jurisdiction and n.digest = a.name_digest"
    " where a.jurisdiction = $1 and a.name_digest is not null and case when n.erased_at is null"
    "  then sha256(n.salt || convert_to(n.name, 'UTF8')) = a.name_digest"
    "  else n.name is null and n.salt is null end is not true order by a.sequence, a.place",
    1};

/* What nobody holds against its rows could be an entry that was slipped in. */
static const struct db_statement unknown_kinds = {
    "verify_kinds",
    "select format('entry %s of the log: this program knows no %s', e.sequence, e.kind)"
    " from tributary.log_entry e where e.jurisdiction = $1 and e.kind <> all ($2::text[]) order by e.sequence",
    2};

bool verify_acts(struct db *db, const char *jurisdiction, struct verification *verification)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!verify_none(db, &kinds[i], jurisdiction, verification))
            return false;
    return verify_accounts(db, jurisdiction, verification) &&
           verify_none(db, &names_changed, jurisdiction, verification) &&
           verify_none(db, &attendance_names_changed, jurisdiction, verification) &&
           verify_none_of(db, &unknown_kinds, jurisdiction, log_kinds_all(), verification);
}
