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
    if (given->base >= 0 && !json_object_get(document, "base"))
        json_object_set_new(document, "base", json_integer(given->base));
}

struct document *submission_body_read(struct request *request, const struct plan *plan, struct findings *findings,
                                      bool *ret_replied)
{
    const char *type = request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);
    struct cell_places *places = NULL;
    struct identity given;
    json_t *json = NULL;

    *ret_replied = true;
    if (!read_identity(request, &given))
        return NULL;
    if (is_media_type(type, "application/json")) {
        json = read_json_body(request);
        if (!json)
            return NULL;
        fill_identity(json, &given, findings);
    } else if (is_media_type(type, "text/csv")) {
        struct grid grid;

        *ret_replied = false;
        if (grid_read_csv(request->body.data ? request->body.data : "", request->body.length, findings, &grid))
            json = grid_to_document(plan, &grid, &given, findings, &places);
        if (!json)
            return NULL;
    } else {
        reply_problem(request, PROBLEM_unsupported_media_type, "application/json, text/csv");
        return NULL;
    }
    *ret_replied = false;

    struct document *document = document_judge(plan, json, findings);

    if (places)
        findings_locate(findings, places);
    return document;
}
