/* verify_owner.c: what the schema's owner does besides plans: keys that sign, what kind of database it is, erasures. */
#include "ledger/verify_inside.h"

/* Keys are listed as the newest announcement in the log lists them, and the database is of the kind that it says. */
static const struct db_statement keys_changed = {
    "verify_key_list",
    "with announced as (select e.sequence, " SOUND_ENTRY " as j from tributary.log_entry e"
    "  where e.jurisdiction = $1 and e.kind = 'signing_key' order by e.sequence desc limit 1),"
    " said as (select a.sequence, k ->> 'key' as key, k as said from announced a cross join jsonb_array_elements(a.j -> 'keys') k)"
    " select format('signing key %s: it isn''t what entry %s of the log says', key, coalesce(said.sequence, (select sequence from announced)))"
    " from said full join (select s.key, tributary.signing_key_said(s) as stored from tributary.signing_key s) listed using (key)"
    " where (said.said = listed.stored) is not true",
    1};

static const struct db_statement installation_changed = {
    "verify_installation",
    "select format('installation: entry %s of the log says otherwise whether it is a sample (%s) and when it was made', a.sequence,"
    "  a.j ->> 'sample') from (select e.sequence, " SOUND_ENTRY " as j from tributary.log_entry e"
    "  where e.jurisdiction = $1 and e.kind = 'signing_key' order by e.sequence desc limit 1) a"
    " left join tributary.installation i on i.only_row"
    " where (a.j ->> 'sample' = i.sample::text and a.j ->> 'installed_at' = " MOMENT_TEXT(
        "i.created_at") ") is not true",
    1};

static const struct db_statement erasures_differ = {
    "verify_erasures",
    "with said as (select e.sequence, " SOUND_ENTRY " as j from tributary.log_entry e"
    "  where e.jurisdiction = $1 and e.kind = 'personal_erasure' and position('\"remark\"' in e.entry) = 0)"
    " select format('personal value %s of revision %s: %s', coalesce(v.path, said.j ->> 'path'),"
    "  coalesce(v.revision::text, said.j ->> 'submission'), coalesce(format('it isn''t as entry %s of the log says', said.sequence),"
    "  'it was erased without an entry of the log'))"
    " from said full join (select * from tributary.personal_value where jurisdiction = $1 and value is null) v"
    "  on v.revision::text = said.j ->> 'submission' and v.path = said.j ->> 'path'"
    " where (said.j ->> 'digest' = encode(v.digest, 'hex') and said.j ->> 'office' = v.office"
    "  and said.j ->> 'erased_at' = " MOMENT_TEXT("v.erased_at") ") is not true order by 1",
    1};

/* Texts of remarks are erased where an entry says so, all of them and no others. */
static const struct db_statement text_erasures_differ = {
    "verify_text_erasures",
    "with said as (select e.sequence, " SOUND_ENTRY " as j from tributary.log_entry e"
    "  where e.jurisdiction = $1 and e.kind = 'personal_erasure' and position('\"remark\"' in e.entry) > 0)"
    " select format('the text of remark %s (entry %s of the log): %s', coalesce(t.remark::text, said.j ->> 'remark'), t.sequence,"
    "  coalesce(format('it isn''t as entry %s of the log says', said.sequence), 'it was erased without an entry of the log'))"
    " from said full join (select t.remark, t.erased_at, m.sequence, m.revision, m.office, m.path, m.digest"
    "   from tributary.remark_text t join tributary.remark m using (remark) where m.jurisdiction = $1 and t.text is null) t"
    "  on t.remark::text = said.j ->> 'remark'"
    " where (said.j ->> 'digest' = encode(t.digest, 'hex') and said.j ->> 'office' = t.office"
    "  and said.j ->> 'submission' = t.revision::text and said.j ->> 'path' = t.path"
    "  and said.j ->> 'erased_at' = " MOMENT_TEXT("t.erased_at") ") is not true order by 1",
    1};

bool verify_owner(struct db *db, const char *jurisdiction, struct verification *verification)
{
    return verify_none(db, &keys_changed, jurisdiction, verification) &&
           verify_none(db, &installation_changed, jurisdiction, verification) &&
           verify_none(db, &erasures_differ, jurisdiction, verification) &&
           verify_none(db, &text_erasures_differ, jurisdiction, verification);
}
