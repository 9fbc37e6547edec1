/* members.c: queries over members of bodies. */
#include "body/members.h"

const struct db_statement body_member_record = {
    "record_body_member",
    "select outcome, id, recorded_at, sequence, said from tributary.record_body_member($1::uuid, $2, $3, $4, $5, $6::bytea, $7,"
    " $8, $9, $10, $11::boolean, $12::date, $13::timestamptz, $14::uuid, $15, $16::bytea)",
    BODY_MEMBER_PARAMETERS};

const struct db_statement body_member_end_record = {
    "record_body_member_end",
    "select outcome, id, recorded_at, sequence, said from tributary.record_body_member_end($1::uuid, $2::uuid, $3::date,"
    " $4::timestamptz, $5::uuid, $6, $7::bytea)",
    BODY_MEMBER_END_PARAMETERS};

/* The columns in the order of the statement below. */
enum { MEMBER, PLAN, BODY, UNIT, NAME, POST, SEX, SEAT, ROLE, SERVED, FROM, ENDED_ON, RECORDED_AT };

static struct body_member read_row(const PGresult *rows, int row, struct arena *arena)
{
    const char *ended_on = result_text(rows, row, ENDED_ON);
    struct body_member member = {.id = arena_text(arena, PQgetvalue(rows, row, MEMBER)),
                                 .plan = arena_text(arena, PQgetvalue(rows, row, PLAN)),
                                 .body = arena_text(arena, PQgetvalue(rows, row, BODY)),
                                 .unit = arena_text(arena, result_text(rows, row, UNIT)),
                                 .name = arena_text(arena, result_text(rows, row, NAME)),
                                 .post = arena_text(arena, result_text(rows, row, POST)),
                                 .sex = arena_text(arena, PQgetvalue(rows, row, SEX)),
                                 .seat = arena_text(arena, PQgetvalue(rows, row, SEAT)),
                                 .role = arena_text(arena, PQgetvalue(rows, row, ROLE)),
                                 .recorded_at = arena_text(arena, PQgetvalue(rows, row, RECORDED_AT)),
                                 .served = result_bool(rows, row, SERVED)};

    date_parse_iso(PQgetvalue(rows, row, FROM), &member.from);
    member.ended = ended_on && date_parse_iso(ended_on, &member.to);
    return member;
}

enum db_status body_members_list(struct db *db, const struct body_member_filter *filter, struct arena *arena,
                                 struct body_member **ret_members, size_t *ret_count)
{
    static const struct db_statement list = {
        "body_members",
        "select m.member, m.plan, m.body, m.unit, n.name, m.post, m.sex, m.seat, m.role, m.served, m.from_date,"
        " e.ended_on, tributary.moment_text(m.recorded_at) from tributary.body_member m"
        " left join tributary.body_member_name n using (member)"
        " left join lateral (select b.ended_on from tributary.body_member_end b where b.member = m.member"
        "  and ($5::timestamptz is null or b.recorded_at <= $5)"
        "  order by b.sequence desc limit 1) e on true"
        " where m.jurisdiction = current_setting('tributary.jurisdiction') and ($1::uuid is null or m.member = $1::uuid)"
        " and ($2::text is null or m.plan = $2) and ($5::timestamptz is null or m.recorded_at <= $5)"
        " and ($3::text is null or (m.body = $3 and m.unit is not distinct from $4)) order by m.from_date, m.sequence",
        5};
    char as_of[TIMESTAMP_TEXT_SIZE];
    PGresult *rows = NULL;
    enum db_status status;

    if (filter->as_of)
        timestamp_format(*filter->as_of, as_of);
    status = db_run(
        db, &list,
        (const char *const[]){filter->id, filter->plan, filter->body, filter->unit, filter->as_of ? as_of : NULL},
        &rows);

    if (status != DB_OK)
        return status;
    *ret_count = (size_t)PQntuples(rows);
    *ret_members = arena_alloc_array(arena, *ret_count + 1, sizeof **ret_members);
    for (size_t i = 0; *ret_members && i < *ret_count; i++)
        (*ret_members)[i] = read_row(rows, (int)i, arena);
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

bool body_member_sits(const struct body_member *member, struct date day)
{
    return date_compare(member->from, day) <= 0 && (!member->ended || date_compare(day, member->to) <= 0);
}

json_t *body_member_to_json(const struct body_member *member)
{
    char from[DATE_TEXT_SIZE], to[DATE_TEXT_SIZE];

    date_format_iso(member->from, from);
    if (member->ended)
        date_format_iso(member->to, to);
    return json_pack("{ss ss ss? ss? ss ss ss ss? sb ss ss? ss}", "member", member->id, "body", member->body, "unit",
                     member->unit, "name", member->name, "sex", member->sex, "seat", member->seat, "role", member->role,
                     "post", member->post, "served_on_council", member->served, "from", from, "to",
                     member->ended ? to : NULL, "recorded_at", member->recorded_at);
}
