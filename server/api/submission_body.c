/* submission_body.c: the body of a hand-in, JSON or a table, into a judged document. */
#include "api/submission_body.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/common.h"
#include "base/json.h"
#include "sheet/grid.h"

static bool is_media_type(const char *header, const char *type)
{
    size_t length = strlen(type);

    return header && strncasecmp(header, type, length) == 0 &&
           (header[length] == '\0' || header[length] == ';' || header[length] == ' ');
}

/* Which kind of table file it is, its content tells, whatever type was given. */
enum body_kind { BODY_JSON, BODY_TABLE, BODY_ANY };

static const struct body_type {
    const char *type;
    enum body_kind kind;
} body_types[] = {
    {"application/json", BODY_JSON},
    {"text/csv", BODY_TABLE},
    {"application/vnd.oasis.opendocument.spreadsheet", BODY_TABLE},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", BODY_TABLE},
    {"application/octet-stream", BODY_ANY},
};

static const struct body_type *find_body_type(const char *header)
{
    for (size_t i = 0; i < sizeof body_types / sizeof *body_types; i++)
        if (is_media_type(header, body_types[i].type))
            return &body_types[i];
    return NULL;
}

/* What comes as mere bytes is JSON if it begins like it. */
static enum body_kind find_kind(const struct request *request, const struct body_type *type)
{
    const char *bytes = request->body.data ? request->body.data : "";

    if (type->kind != BODY_ANY)
        return type->kind;
    bytes += strncmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    return bytes[strspn(bytes, " \t\r\n")] == '{' ? BODY_JSON : BODY_TABLE;
}

bool submission_body_is_file(const struct request *request)
{
    const struct body_type *type = find_body_type(request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE));

    return type && find_kind(request, type) == BODY_TABLE;
}

static json_t *read_table(struct request *request, const struct plan *plan, const struct identity *given,
                          struct findings *findings, struct cell_places **ret_places)
{
    const char *bytes = request->body.data ? request->body.data : "";
    struct grid grid;

    if (!grid_read_file(bytes, request->body.length, findings, &grid))
        return NULL;
    return grid_to_document(plan, &grid, given, findings, ret_places);
}

/* What the address says of the document; fills what the document leaves out, and must not contradict it. */
static bool read_identity(struct request *request, struct identity *ret_identity)
{
    const char *base = request_query(request, "base");
    char *end;

    *ret_identity = (struct identity){.form = request_query(request, "form"),
                                      .office = request_query(request, "office"),
                                      .period = request_query(request, "period"),
                                      .event = request_query(request, "event"),
                                      .base = -1};
    if (base) {
        ret_identity->base = strtoll(base, &end, 10);
        if (end == base || *end || ret_identity->base < 0 || ret_identity->base > 1000000000) {
            reply_bad_parameter(request, "base", "0, 1, 2 …");
            return false;
        }
    }
    return true;
}

static void fill_base(json_t *document, long long given, struct findings *findings)
{
    const json_t *said = json_object_get(document, "base");

    if (given >= 0 && (!said || json_is_null(said)))
        json_object_set_new(document, "base", json_integer(given));
    else if (given >= 0 && json_is_integer(said) && json_integer_value(said) != given)
        findings_add_member(findings, FINDING_identity_differs, "base", arena_format(findings->arena, "%lld", given),
                            said);
}

static void fill_identity(json_t *document, const struct identity *given, struct findings *findings)
{
    const struct {
        const char *member, *value;
    } members[] = {
        {"form", given->form}, {"office", given->office}, {"period", given->period}, {"event", given->event}};

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const json_t *said = json_object_get(document, members[i].member);

        if (members[i].value && !said)
            json_object_set_new(document, members[i].member, json_string(members[i].value));
        else if (members[i].value && json_is_string(said) && strcmp(json_string_value(said), members[i].value) != 0)
            findings_add(findings, (struct finding){.code = FINDING_identity_differs,
                                                    .place = {.member = members[i].member},
                                                    .expected = members[i].value,
                                                    .found = json_excerpt(findings->arena, said)});
    }
    fill_base(document, given->base, findings);
}

struct document *submission_body_read(struct request *request, const struct plan *plan, struct findings *findings,
                                      struct cell_places **ret_places, bool *ret_replied)
{
    const struct body_type *type = find_body_type(request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE));
    struct cell_places *places = NULL;
    struct identity given;
    json_t *json = NULL;

    *ret_places = NULL;
    *ret_replied = true;
    if (!read_identity(request, &given))
        return NULL;
    if (!type) {
        reply_problem(request, PROBLEM_unsupported_media_type,
                      "application/json, text/csv, application/vnd.oasis.opendocument.spreadsheet, "
                      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        return NULL;
    }

    enum body_kind kind = find_kind(request, type);

    if (kind == BODY_JSON) {
        json = read_json_body(request);
        if (!json)
            return NULL;
        fill_identity(json, &given, findings);
    } else {
        json = read_table(request, plan, &given, findings, &places);
    }
    *ret_replied = false;
    if (!json)
        return NULL;

    struct document *document = document_judge(plan, json, findings);

    if (places)
        findings_locate(findings, places);
    *ret_places = places;
    return document;
}
