/* findings_view.c: a table of findings. */
#include "findings_view.h"

#include <string.h>

#include "base/json.h"
#include "form/findings.h"
#include "naming.h"

enum { SEVERITY_COUNT = SEVERITY_WARNING + 1 };

static bool has_severity(const json_t *finding, enum severity severity)
{
    const char *text = json_text_member(finding, "severity");

    return text && strcmp(text, severity_name(severity)) == 0;
}

static size_t count_severity(const json_t *findings, enum severity severity)
{
    const json_t *finding;
    size_t i, count = 0;

    json_array_foreach(findings, i, finding) {
        count += has_severity(finding, severity);
    }
    return count;
}

static const char *severity_word(struct client *client, enum severity severity)
{
    static const enum message words[SEVERITY_COUNT] = {[SEVERITY_ERROR] = MESSAGE_error,
                                                       [SEVERITY_EXPLAIN] = MESSAGE_to_explain,
                                                       [SEVERITY_WARNING] = MESSAGE_warning};

    return message_text(words[severity], client->language);
}

/* "宣導!H7" of a workbook, "H7" of a file without sheets. */
static const char *cell_text(struct client *client, const json_t *finding)
{
    const json_t *cell = json_object_get(finding, "cell");
    const char *sheet = json_text_member(cell, "sheet"), *ref = json_text_member(cell, "ref");

    return sheet && ref ? arena_format(client->arena, "%s!%s", sheet, ref) : ref;
}

/* The cell's name and its path; for what isn't a cell the path alone. */
static const char *place_text(struct client *client, const struct plan *plan, const char *form, const json_t *finding)
{
    const char *path = json_text_member(finding, "path");
    const char *name = naming_path(client, plan, form, path, json_integer_value(json_object_get(finding, "row")));

    return name && *name ? arena_format(client->arena, "%s\n%s", name, path) : path;
}

/* The message, and the figures where a rule's own wording doesn't name them. */
static const char *message_of(struct client *client, const json_t *finding)
{
    const char *message = json_text_member(finding, "message");
    const char *expected = json_text_member(finding, "expected"), *found = json_text_member(finding, "found");

    if (!message)
        return NULL;
    finding_untold(client->arena, message, client->language, &expected, &found);
    if (!found && !expected)
        return message;
    if (found && expected)
        return client_text(client, found_and_expected, message, found, expected);
    return found ? client_text(client, found_only, message, found)
                 : client_text(client, expected_only, message, expected);
}

static bool any_cell(const json_t *findings)
{
    const json_t *finding;
    size_t i;

    json_array_foreach(findings, i, finding) {
        if (json_text_member(json_object_get(finding, "cell"), "ref"))
            return true;
    }
    return false;
}

void findings_show(struct client *client, const struct plan *plan, const char *form, const json_t *findings)
{
    struct listing_column columns[] = {{client_word(client, severity), LISTING_LEFT},
                                       {client_word(client, place), LISTING_WRAPS},
                                       {client_word(client, what), LISTING_WRAPS},
                                       {client_word(client, cell), LISTING_LEFT}};
    bool with_cells = any_cell(findings);
    struct listing *listing = listing_new(client->arena, columns, with_cells ? 4 : 3);
    const json_t *finding;
    size_t i;

    if (json_array_size(findings) == 0)
        return;
    for (int severity = 0; severity < SEVERITY_COUNT; severity++) {
        json_array_foreach(findings, i, finding) {
            if (has_severity(finding, (enum severity)severity))
                listing_row(listing, (const char *[]){severity_word(client, (enum severity)severity),
                                                      place_text(client, plan, form, finding),
                                                      message_of(client, finding), cell_text(client, finding)});
        }
    }
    client_show(client, listing);
}

const char *findings_summary(struct client *client, const json_t *findings)
{
    if (json_array_size(findings) == 0)
        return client_word(client, no_findings);
    return client_text(client, findings_count,
                       client_number(client, (long long)count_severity(findings, SEVERITY_ERROR)),
                       client_number(client, (long long)count_severity(findings, SEVERITY_EXPLAIN)),
                       client_number(client, (long long)count_severity(findings, SEVERITY_WARNING)));
}

bool findings_refuse(const json_t *findings)
{
    return count_severity(findings, SEVERITY_ERROR) > 0;
}
