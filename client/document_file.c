/* document_file.c: telling what a file is and judging it. */
#include "document_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "csv_head.h"
#include "files.h"
#include "outbox.h"

enum { MOST_VALUES = 1000 * 1000, MOST_CELL_MEMORY = 256 * 1024 * 1024 };

static bool begins_like_json(const char *bytes, size_t length)
{
    size_t at = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    while (at < length && strchr(" \t\r\n", bytes[at]) && bytes[at])
        at++;
    return at < length && bytes[at] == '{';
}

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), tail = strlen(ending);

    return length >= tail && strcasecmp(text + length - tail, ending) == 0;
}

/* By its content; what doesn't look like JSON but is called so is JSON that went wrong. What is packed but can't be
 * opened goes the way of spreadsheets, so that a finding says why. */
static bool find_kind(struct document_file *file)
{
    static const char *const sheet_types[] = {[GRID_FILE_CSV] = "text/csv",
                                              [GRID_FILE_ODS] = "application/vnd.oasis.opendocument.spreadsheet",
                                              [GRID_FILE_XLSX] =
                                                  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                                              [GRID_FILE_OTHER] = "application/octet-stream"};
    enum grid_file kind = grid_file_kind(file->bytes, file->length);

    file->content_type = sheet_types[kind];
    file->kind = kind == GRID_FILE_CSV ? DOCUMENT_CSV : DOCUMENT_SHEETS;
    if (kind != GRID_FILE_CSV)
        return true;
    if (memchr(file->bytes, '\0', file->length))
        return false;
    if (begins_like_json(file->bytes, file->length) || ends_with(file->name, ".json")) {
        file->content_type = "application/json";
        file->kind = DOCUMENT_JSON;
    }
    return true;
}

static const char *copy_member(struct arena *arena, const json_t *json, const char *key)
{
    return arena_text(arena, json_text_member(json, key));
}

static void read_json_identity(struct arena *arena, struct document_file *file)
{
    struct json_fault fault;
    json_t *json = json_parse_strict(file->bytes, file->length, MOST_VALUES, &fault);
    const json_t *base = json_object_get(json, "base");

    file->says = (struct identity){.form = copy_member(arena, json, "form"),
                                   .office = copy_member(arena, json, "office"),
                                   .period = copy_member(arena, json, "period"),
                                   .event = copy_member(arena, json, "event"),
                                   .base = json_is_integer(base) ? json_integer_value(base) : -1};
    json_decref(json);
}

/* What is wrong with the file is said when it is judged. */
static bool read_sheets_identity(struct arena *arena, struct document_file *file)
{
    struct arena *cells = arena_new(MOST_CELL_MEMORY);
    struct findings findings = FINDINGS_IN(cells);
    struct grid grid;
    bool good =
        cells && grid_read_file(file->bytes, file->length, &findings, &grid) && grid_says(arena, &grid, &file->says);

    arena_free(cells);
    return good;
}

static bool read_identity(struct arena *arena, struct document_file *file)
{
    if (file->kind == DOCUMENT_SHEETS)
        return read_sheets_identity(arena, file);
    if (file->kind == DOCUMENT_JSON)
        read_json_identity(arena, file);
    else
        csv_head_read(arena, file->bytes, file->length, &file->says);
    return true;
}

/* A file of the outbox stands for the document in it, so that a refused or conflicting one can be taken up again. */
static void unwrap(struct arena *arena, struct document_file *file)
{
    struct outbox_entry entry;

    if (outbox_entry_parse(arena, file->bytes, file->length, &entry) == 0) {
        file->bytes = entry.body;
        file->length = entry.body_length;
    }
}

enum exit_status document_file_read(struct client *client, struct arena *arena, const char *name,
                                    struct document_file *ret_file)
{
    struct document_file file = {.name = name, .says = {.base = -1}};
    int error = file_read(arena, name, DOCUMENT_LIMIT, &file.bytes, &file.length);

    if (error == EFBIG) {
        client_say(client, file_too_large, name);
        return EXIT_REFUSED;
    }
    if (error)
        return client_machine_fault(client, name, error);
    if (ends_with(name, ".entry"))
        unwrap(arena, &file);
    if (!find_kind(&file)) {
        client_say(client, no_known_kind, name);
        return EXIT_REFUSED;
    }
    if (!read_identity(arena, &file))
        return client_usage(client, client_word(client, out_of_memory));
    *ret_file = file;
    return EXIT_DONE;
}

bool document_file_options(struct client *client, struct identity *ret_given)
{
    const char *base = client_option(client, "base");
    char *end = NULL;
    long long number = base ? strtoll(base, &end, 10) : -1;

    if (base && (*end || end == base || number < 0 || number > INT_MAX)) {
        client_usage(client, client_text(client, bad_base, base));
        return false;
    }
    *ret_given = (struct identity){.form = client_option(client, "form"),
                                   .office = client_option(client, "office"),
                                   .period = client_option(client, "period"),
                                   .event = client_option(client, "event"),
                                   .base = number};
    return true;
}

/* Gives a member that isn't there; what is there must be the same. */
static bool give(struct client *client, const struct document_file *file, json_t *json, const char *key,
                 const char *value)
{
    const json_t *said = json_object_get(json, key);
    const char *text = json_string_value(said);

    if (!value)
        return true;
    if (!said || json_is_null(said))
        return json_object_set_new(json, key, json_string(value)) == 0;
    if (text && strcmp(text, value) == 0)
        return true;
    client_usage(client, client_text(client, identity_differs, file->name, key, text, value));
    return false;
}

static bool add_note(json_t *json, const char *note)
{
    json_t *notes = json_object_get(json, "notes");

    if (!json_is_object(notes)) {
        notes = json_object();
        if (json_object_set_new(json, "notes", notes) != 0)
            return false;
    }
    return json_object_set_new(notes, "document", json_string(note)) == 0;
}

static bool change_json(struct client *client, const struct document_file *file, json_t *json,
                        const struct identity *given, const char *note)
{
    return give(client, file, json, "form", given->form) && give(client, file, json, "office", given->office) &&
           give(client, file, json, "period", given->period) && give(client, file, json, "event", given->event) &&
           (given->base < 0 || json_object_set_new(json, "base", json_integer(given->base)) == 0) &&
           (!note || add_note(json, note));
}

/* A JSON file that can't be read is left alone: the server's own words about it are the better ones. */
static enum exit_status complete_json(struct client *client, struct arena *arena, struct document_file *file,
                                      const struct identity *given, const char *note)
{
    struct json_fault fault;
    json_t *json = json_parse_strict(file->bytes, file->length, MOST_VALUES, &fault);
    json_t *before = json_is_object(json) ? json_deep_copy(json) : NULL;
    enum exit_status status = EXIT_DONE;

    if (before && !change_json(client, file, json, given, note))
        status = EXIT_USAGE;
    if (before && status == EXIT_DONE && !json_equal(before, json)) {
        char *text = json_dumps(json, JSON_INDENT(1));

        file->bytes = text ? arena_text(arena, text) : NULL;
        file->length = file->bytes ? strlen(file->bytes) : 0;
        free(text);
        if (!file->bytes)
            status = client_usage(client, client_word(client, out_of_memory));
    }
    json_decref(before);
    json_decref(json);
    if (status == EXIT_DONE)
        read_json_identity(arena, file);
    return status;
}

static enum exit_status complete_csv(struct client *client, struct arena *arena, struct document_file *file,
                                     const struct identity *given, const char *note)
{
    int error = csv_head_change(arena, given->base, note, &file->bytes, &file->length);

    if (error == EILSEQ)
        return client_usage(client, client_text(client, note_needs_utf8, file->name));
    if (error)
        return client_machine_fault(client, file->name, error);
    csv_head_read(arena, file->bytes, file->length, &file->says);
    file->base_beside = given->base >= 0 && file->says.base != given->base;
    if (file->base_beside)
        file->says.base = given->base;
    return EXIT_DONE;
}

enum exit_status document_file_complete(struct client *client, struct arena *arena, struct document_file *file,
                                        const struct identity *given, const char *note)
{
    if (file->kind == DOCUMENT_SHEETS) {
        file->says.base = given->base >= 0 ? given->base : file->says.base;
        return note ? client_usage(client, client_text(client, note_not_in_sheets, file->name)) : EXIT_DONE;
    }
    return file->kind == DOCUMENT_JSON ? complete_json(client, arena, file, given, note)
                                       : complete_csv(client, arena, file, given, note);
}

struct identity document_file_beside(const struct document_file *file, const struct identity *given)
{
    struct identity beside = {.base = -1};

    if (file->kind != DOCUMENT_JSON)
        beside = *given;
    if (file->kind == DOCUMENT_CSV && !file->base_beside)
        beside.base = -1;
    return beside;
}

static enum exit_status malformed(struct client *client, const struct document_file *file,
                                  const struct json_fault *fault)
{
    static const enum problem problems[] = {[JSON_FAULT_MALFORMED] = PROBLEM_malformed_json,
                                            [JSON_FAULT_DUPLICATE_KEY] = PROBLEM_duplicate_key,
                                            [JSON_FAULT_TOO_MANY_VALUES] = PROBLEM_too_many_values};

    const struct problem_entry *problem = problem_entry(problems[fault->kind]);

    if (client->json) {
        json_t *answer = json_pack("{ss ss si}", "file", file->name, "code", problem->code, "line", fault->line);

        client_print_json(answer);
        json_decref(answer);
    }
    client_say(client, json_fault, file->name, problem->wording[client->language], client_number(client, fault->line),
               fault->text);
    return EXIT_REFUSED;
}

enum exit_status document_file_judge(struct client *client, const struct document_file *file, const struct plan *plan,
                                     const struct identity *given, struct findings *findings,
                                     struct document **ret_document)
{
    struct cell_places *places = NULL;
    struct json_fault fault;
    struct grid grid;
    json_t *json = NULL;

    *ret_document = NULL;
    if (file->kind == DOCUMENT_JSON) {
        json = json_parse_strict(file->bytes, file->length, MOST_VALUES, &fault);
        if (!json)
            return malformed(client, file, &fault);
    } else if (grid_read_file(file->bytes, file->length, findings, &grid)) {
        json = grid_to_document(plan, &grid, given, findings, &places);
    }
    if (json)
        *ret_document = document_judge(plan, json, findings);
    if (places)
        findings_locate(findings, places);
    if (findings->out_of_memory || (!*ret_document && findings->error_count == 0)) {
        document_release(*ret_document);
        *ret_document = NULL;
        return client_usage(client, client_word(client, out_of_memory));
    }
    return EXIT_DONE;
}
