/* preferences.c: queries over what people want by mail. */
#include "mail/preferences.h"

#include <stdio.h>
#include <string.h>

#include "mail/kinds.h"
#include "plans/names.h"

const struct db_statement preference_record = {
    "record_mail_preference",
    "select outcome, id, recorded_at, sequence, said from tributary.record_mail_preference($1::uuid, $2::text[], $3, $4,"
    " $5::bigint, $6::timestamptz, $7::uuid, $8, $9::bytea)",
    PREFERENCE_PARAMETERS};

enum db_status mail_preference_read(struct db *db, const char *account, struct arena *arena, bool *ret_found,
                                    struct mail_preference *ret_preference)
{
    static const struct db_statement read = {
        "mail_preference",
        "select coalesce(p.sequence, 0), coalesce(array_to_string(p.opted_out, ' '), ''), p.language, a.language, a.email"
        " from tributary.account a left join lateral (select p.sequence, p.opted_out, p.language"
        "  from tributary.mail_preference p where p.account = a.account order by p.sequence desc limit 1) p on true"
        " where a.account = $1::uuid",
        1};
    PGresult *rows = NULL;
    enum db_status status;

    *ret_found = false;
    if (!uuid_is_well_formed(account))
        return DB_OK;
    status = db_run(db, &read, (const char *const[]){account}, &rows);
    if (status != DB_OK)
        return status;
    *ret_found = PQntuples(rows) == 1;
    if (*ret_found)
        *ret_preference = (struct mail_preference){.sequence = result_int64(rows, 0, 0),
                                                   .opted_out = arena_text(arena, PQgetvalue(rows, 0, 1)),
                                                   .language = arena_text(arena, result_text(rows, 0, 2)),
                                                   .account_language = arena_text(arena, PQgetvalue(rows, 0, 3)),
                                                   .email = arena_text(arena, result_text(rows, 0, 4))};
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

/* Whether a word stands in a list of words with one space between them. No kind's code is a part of another's. */
static bool has_word(const char *list, const char *word)
{
    return strstr(list, word) != NULL;
}

json_t *mail_preference_to_json(const char *account, const struct mail_preference *preference)
{
    json_t *kinds = json_array();

    for (int i = 0; i < MAIL_KINDS; i++)
        json_array_append_new(kinds, json_pack("{ss so sb sb}", "kind", mail_kinds[i].code, "name",
                                               name_to_json(&mail_kinds[i].name), "wanted",
                                               !has_word(preference->opted_out, mail_kinds[i].code), "may_be_refused",
                                               mail_kinds[i].may_be_refused));
    return json_pack("{ss ss? ss sb so}", "account", account, "language", preference->language, "account_language",
                     preference->account_language, "has_address", preference->email != NULL, "kinds", kinds);
}

enum db_status mail_unsubscription_find(struct db *db, const char *secret, struct arena *arena, bool *ret_found,
                                        struct principal *ret_principal, const char **ret_kind)
{
    static const struct db_statement find = {
        "mail_unsubscription_of",
        "select jurisdiction, account, role, coalesce(office, ''), kind from tributary.mail_unsubscription_of($1::bytea)",
        1};
    struct digest digest = digest_of(secret, strlen(secret));
    char hash[BYTEA_TEXT_SIZE];
    PGresult *rows = NULL;

    bytea_format(digest.bytes, DIGEST_SIZE, hash);

    enum db_status status = db_run(db, &find, (const char *const[]){hash}, &rows);

    *ret_found = false;
    if (status == DB_OK && PQntuples(rows) == 1) {
        struct principal *principal = ret_principal;

        *principal = (struct principal){.role = ROLE_OFFICE};
        snprintf(principal->jurisdiction, sizeof principal->jurisdiction, "%s", PQgetvalue(rows, 0, 0));
        snprintf(principal->actor, sizeof principal->actor, "%s", PQgetvalue(rows, 0, 1));
        snprintf(principal->account, sizeof principal->account, "%s", PQgetvalue(rows, 0, 1));
        snprintf(principal->office, sizeof principal->office, "%s", PQgetvalue(rows, 0, 3));
        *ret_kind = arena_text(arena, PQgetvalue(rows, 0, 4));
        *ret_found = role_parse(PQgetvalue(rows, 0, 2), &principal->role) && *ret_kind;
    }
    PQclear(rows);
    return status;
}
