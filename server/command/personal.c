/* personal.c: tributaryd personal find TEXT | erase TEXT: people's data can be erased; revisions, remarks and proofs stay. */
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "ledger/announce.h"

static const char usage[] =
    "usage: tributaryd personal find TEXT          values and remarks that contain TEXT, with their places\n"
    "       tributaryd personal erase TEXT [--yes]  erases every value and remark equal to TEXT, or the remark whose\n"
    "                                               id it is (shows them first)\n";

/* A value stands in a revision, a remark by itself; the first column says which one. */
static const struct db_statement find_values = {
    "find_personal",
    "select id, office, form, period, path, value from ("
    " select v.revision as id, r.office, s.form, s.period, v.path, v.value::jsonb #>> '{}' as value, r.sequence"
    "  from tributary.personal_value v join tributary.revision r on r.id = v.revision"
    "  join tributary.submission s using (submission)"
    " union all"
    " select m.remark, m.office, s.form, s.period, 'remark ' || m.path, t.text, m.sequence"
    "  from tributary.remark_text t join tributary.remark m using (remark)"
    "  join tributary.submission s using (submission)"
    " union all"
    " select m.member, coalesce(m.unit, '-'), m.body, to_char(m.from_date, 'YYYY-MM-DD'), 'name', n.name, m.sequence"
    "  from tributary.body_member_name n join tributary.body_member m using (member)"
    " union all"
    " select a.attendance, coalesce(a.office, '-'), m.body, to_char(m.day, 'YYYY-MM-DD'), 'attendance', n.name, a.sequence"
    "  from tributary.meeting_attendance_name n join tributary.meeting_attendance a using (attendance)"
    "  join tributary.meeting_sheet s on s.jurisdiction = a.jurisdiction and s.sequence = a.sequence"
    "  join lateral (select g.body, coalesce((select t.day from tributary.meeting_step t where t.meeting = g.meeting"
    "   order by t.sequence desc limit 1), g.held_on) as day from tributary.meeting g where g.meeting = s.meeting) m on true"
    " ) found"
    " where case when $2::boolean then value = $1 or (id::text = $1 and path like 'remark %' and value is not null)"
    "  else position($1 in value) > 0 end"
    " order by sequence, path",
    2};

/* Prints what matches; the number of them, or -1 after a failure. */
static int show(struct db *db, const char *text, bool exact)
{
    PGresult *result = NULL;

    if (db_run(db, &find_values, (const char *const[]){text, exact ? "t" : "f"}, &result) != DB_OK) {
        fprintf(stderr, "tributaryd personal: %s\n", db_error(db));
        return -1;
    }
    int count = PQntuples(result);

    for (int i = 0; i < count; i++)
        printf("%s  %s %s %s  %s  %s\n", PQgetvalue(result, i, 0), PQgetvalue(result, i, 1), PQgetvalue(result, i, 2),
               PQgetvalue(result, i, 3), PQgetvalue(result, i, 4), PQgetvalue(result, i, 5));
    PQclear(result);
    return count;
}

/* Texts of remarks that equal it, or that of the remark with this id; adds how many to *count. */
static enum db_status erase_texts(struct db *db, const struct signer *signer, const char *text, int *count)
{
    static const struct db_statement texts = {"texts_to_erase",
                                              "select jurisdiction, remark from tributary.remark_text"
                                              " where text = $1 or (remark::text = $1 and text is not null)",
                                              1};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &texts, (const char *const[]){text}, &rows);

    for (int i = 0; status == DB_OK && i < PQntuples(rows); i++) {
        bool erased = false;

        status = erase_text(db, signer, PQgetvalue(rows, i, 0), PQgetvalue(rows, i, 1), &erased);
        *count += erased;
    }
    PQclear(rows);
    return status;
}

/* Names of members of bodies, and of those who were at meetings, that equal it; adds how many to *count. */
static enum db_status erase_names(struct db *db, const char *text, int *count)
{
    static const struct db_statement names = {
        "erase_names",
        "with members as (update tributary.body_member_name set name = null, salt = null, erased_at = clock_timestamp()"
        "  where name = $1 returning 1),"
        " attendance as (update tributary.meeting_attendance_name set name = null, salt = null,"
        "  erased_at = clock_timestamp() where name = $1 returning 1)"
        " select 1 from members union all select 1 from attendance",
        1};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &names, (const char *const[]){text}, &rows);

    if (status == DB_OK)
        *count += PQntuples(rows);
    PQclear(rows);
    return status;
}

static int erase(struct command_context *context, struct db *db, const char *text)
{
    static const struct db_statement places = {
        "places_of_personal",
        "select jurisdiction, revision, path from tributary.personal_value where value::jsonb #>> '{}' = $1", 1};
    PGresult *rows = NULL;
    struct signer signer;
    int count = 0;

    if (!open_signer(context, db, &signer))
        return EXIT_REFUSED;

    enum db_status status = db_run(db, &places, (const char *const[]){text}, &rows);

    for (int i = 0; status == DB_OK && i < PQntuples(rows); i++) {
        bool erased = false;

        status = erase_personal(db, &signer, PQgetvalue(rows, i, 0), PQgetvalue(rows, i, 1), PQgetvalue(rows, i, 2),
                                &erased);
        count += erased;
    }
    PQclear(rows);
    if (status == DB_OK)
        status = erase_texts(db, &signer, text, &count);
    signer_close(&signer);
    if (status == DB_OK)
        status = erase_names(db, text, &count);
    printf("erased: %d\n", count);
    if (status != DB_OK)
        fprintf(stderr, "tributaryd personal erase: %s\n", db_error(db));
    return status == DB_OK ? EXIT_DONE : EXIT_FAULT;
}

int command_personal(struct command_context *context, int count, char **arguments)
{
    bool finds = count == 2 && strcmp(arguments[0], "find") == 0,
         erases = count >= 2 && strcmp(arguments[0], "erase") == 0,
         sure = count == 3 && strcmp(arguments[2], "--yes") == 0;
    struct db *db;
    int status;

    if (!finds && !(erases && (count == 2 || sure))) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    db = open_owner(context);
    if (!db)
        return EXIT_UNREACHABLE;
    status = show(db, arguments[1], erases) < 0 ? EXIT_FAULT : EXIT_DONE;
    if (erases && status == EXIT_DONE && sure)
        status = erase(context, db, arguments[1]);
    else if (erases && status == EXIT_DONE)
        printf("these would be erased for good; add --yes to do it\n");
    db_free(db);
    return status;
}
