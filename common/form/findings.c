/* findings.c: collecting findings and putting them into words. */
#include "form/findings.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/period.h"

/* More of them help nobody, and a small file can be wrong in a million cells. */
enum { MOST_FINDINGS = 50000 };

enum { MESSAGE_LIMIT = 64 * 1024, SLOT_LENGTH = 8 * 1024, EXCERPT_LENGTH = 200 };

static bool grow(struct findings *findings)
{
    size_t capacity = findings->capacity ? findings->capacity * 2 : 16;
    struct finding *items = arena_alloc_array(findings->arena, capacity, sizeof *items);

    if (!items) {
        findings->out_of_memory = true;
        return false;
    }
    if (findings->count)
        memcpy(items, findings->items, findings->count * sizeof *items);
    findings->items = items;
    findings->capacity = capacity;
    return true;
}

void findings_add(struct findings *findings, struct finding finding)
{
    /* An error counts even if there is no memory left to describe it. */
    findings->error_count += finding.severity == SEVERITY_ERROR;
    if (findings->count > MOST_FINDINGS)
        return;
    if (findings->count == MOST_FINDINGS)
        finding = (struct finding){.severity = finding.severity, .code = FINDING_too_many_findings};
    if (findings->count == findings->capacity && !grow(findings))
        return;
    finding.path = place_path(findings->arena, finding.place);
    if (!finding.path)
        findings->out_of_memory = true;
    else
        findings->items[findings->count++] = finding;
}

void findings_add_member(struct findings *findings, enum finding_code code, const char *member, const char *expected,
                         const json_t *found)
{
    findings_add(findings, (struct finding){.code = code,
                                            .place = {.member = member},
                                            .expected = expected,
                                            .found = found ? json_excerpt(findings->arena, found) : NULL});
}

const char *place_path(struct arena *arena, struct place place)
{
    if (place.field)
        return arena_format(arena, "fields.%s", place.field);
    if (place.table && place.row_identity && place.column)
        return arena_format(arena, "tables.%s[%s].%s", place.table, place.row_identity, place.column);
    if (place.table && place.row_identity)
        return arena_format(arena, "tables.%s[%s]", place.table, place.row_identity);
    if (place.table && place.row && place.column)
        return arena_format(arena, "tables.%s[#%zu].%s", place.table, place.row, place.column);
    if (place.table && place.row)
        return arena_format(arena, "tables.%s[#%zu]", place.table, place.row);
    if (place.table && place.column)
        return arena_format(arena, "tables.%s.%s", place.table, place.column);
    if (place.table)
        return arena_format(arena, "tables.%s", place.table);
    return arena_text(arena, place.member ? place.member : "");
}

/* A key of a document may be as long as the document; a sentence shows its beginning. */
static bool append_beginning(struct buffer *out, const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);

    if (length <= most)
        return buffer_append(out, text, length);
    for (length = most; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
        length--;
    return buffer_append(out, text, length) && buffer_append_text(out, "…");
}

/* "2026-08-01" and "2026-07-01–2026-09-30" as an office writes dates; NULL if it is neither. */
static const char *roc_dates(struct arena *arena, const char *text)
{
    static const char dash[] = "–";
    const char *between = strstr(text, dash);
    const char *first = between ? arena_copy(arena, text, (size_t)(between - text)) : text;
    struct date from, to;

    if (!first || !date_parse_iso(first, &from) || from.year <= ROC_EPOCH)
        return NULL;
    if (!between)
        return arena_format(arena, "%d/%d/%d", from.year - ROC_EPOCH, from.month, from.day);
    if (!date_parse_iso(between + sizeof dash - 1, &to) || to.year <= ROC_EPOCH)
        return NULL;
    return arena_format(arena, "%d/%d/%d–%d/%d/%d", from.year - ROC_EPOCH, from.month, from.day, to.year - ROC_EPOCH,
                        to.month, to.day);
}

static const char *value_words(struct arena *arena, const char *text, enum language language)
{
    const char *dates = text && language == LANGUAGE_ZH ? roc_dates(arena, text) : NULL;

    return dates ? dates : text;
}

/* Numbers and dates. A code says nothing to whom the message already said it in words. */
static bool is_figure(const char *text)
{
    return text && *text && strspn(text, "0123456789.,-/%") == strlen(text);
}

void finding_untold(struct arena *arena, const char *message, enum language language, const char **expected,
                    const char **found)
{
    const char *wanted = value_words(arena, *expected, language), *given = value_words(arena, *found, language);
    bool tells_found = given && strstr(message, given);

    *found = is_figure(given) && !tells_found ? given : NULL;
    *expected = is_figure(wanted) && !tells_found && !strstr(message, wanted) ? wanted : NULL;
}

static bool fill_in(struct buffer *out, struct arena *arena, const struct finding *finding, const char **wording,
                    enum language language)
{
    static const char *const slots[] = {"{label}", "{expected}", "{found}", "{other}"};
    const char *values[] = {
        finding->label ? finding->label->text[language] : NULL,
        finding->expected_words ? finding->expected_words->text[language]
                                : value_words(arena, finding->expected, language),
        value_words(arena, finding->found, language),
        finding->other ? finding->other->text[language] : NULL,
    };

    for (size_t i = 0; **wording == '{' && i < sizeof slots / sizeof *slots; i++) {
        if (strncmp(*wording, slots[i], strlen(slots[i])) == 0) {
            *wording += strlen(slots[i]);
            return append_beginning(out, values[i] ? values[i] : i == 0 ? finding->path : "–", SLOT_LENGTH);
        }
    }
    return buffer_append_char(out, *(*wording)++);
}

const char *finding_message(struct arena *arena, const struct finding *finding, enum language language)
{
    struct buffer out = BUFFER_WITH_LIMIT(MESSAGE_LIMIT);
    const char *wording = finding->message && finding->message->text[language]
                              ? finding->message->text[language]
                              : finding_entry(finding->code)->wording[language];
    bool good = true;

    while (*wording && good)
        good = fill_in(&out, arena, finding, &wording, language);

    char *message = good && out.data ? arena_copy(arena, out.data, out.length) : NULL;

    buffer_free(&out);
    return message;
}

const char *severity_name(enum severity severity)
{
    static const char *const names[] = {"error", "explain", "warning"};

    return names[severity];
}

/* Adds a text that isn't NULL. json_pack's optional members would leave it out for want of memory too. */
static bool set_text(json_t *json, const char *key, const char *text)
{
    return !text || json_object_set_new(json, key, json_string(text)) == 0;
}

static bool set_cell(json_t *json, const struct finding *finding)
{
    json_t *cell = json_object();

    if (set_text(cell, "sheet", finding->sheet) && set_text(cell, "ref", finding->ref))
        return json_object_set_new(json, "cell", cell) == 0;
    json_decref(cell);
    return false;
}

json_t *finding_to_json(const struct finding *finding, enum language language)
{
    struct arena *arena = arena_new(MESSAGE_LIMIT + 64);
    const char *message = arena ? finding_message(arena, finding, language) : NULL;
    json_t *json = json_object();
    bool good =
        json && message && set_text(json, "severity", severity_name(finding->severity)) &&
        set_text(json, "code", finding_entry(finding->code)->code) && set_text(json, "path", finding->path) &&
        (!finding->ref || set_cell(json, finding)) && set_text(json, "message", message) &&
        set_text(json, "expected", finding->expected) && set_text(json, "found", finding->found) &&
        (!finding->place.row || json_object_set_new(json, "row", json_integer((json_int_t)finding->place.row)) == 0);

    arena_free(arena);
    if (good)
        return json;
    json_decref(json);
    return NULL;
}

json_t *findings_to_json(const struct findings *findings, enum language language)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < findings->count; i++) {
        if (json_array_append_new(list, finding_to_json(&findings->items[i], language)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* The beginning of a text that is written bit by bit. */
struct beginning {
    char bytes[EXCERPT_LENGTH + 1];
    size_t length;
    bool cut;
};

static int keep_beginning(const char *bytes, size_t length, void *context)
{
    struct beginning *beginning = context;
    size_t room = EXCERPT_LENGTH - beginning->length, kept = length < room ? length : room;

    memcpy(beginning->bytes + beginning->length, bytes, kept);
    beginning->length += kept;
    beginning->cut = kept < length;
    return beginning->cut ? -1 : 0; /* the rest needn't be written */
}

/* The length without a last character that was cut through. */
static size_t whole_length(const char *bytes, size_t length)
{
    size_t start = length;

    while (start > 0 && ((unsigned char)bytes[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)bytes[start - 1] < 0x80)
        return length;

    unsigned char lead = (unsigned char)bytes[start - 1];
    size_t wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

    return length - (start - 1) == wanted ? length : start - 1;
}

const char *json_excerpt(struct arena *arena, const json_t *value)
{
    struct beginning beginning = {.length = 0};

    if (json_is_string(value))
        keep_beginning(json_string_value(value), json_string_length(value), &beginning);
    else if (json_dump_callback(value, keep_beginning, &beginning, JSON_COMPACT | JSON_ENCODE_ANY) != 0 &&
             !beginning.cut) {
        arena_note_shortage(arena);
        return NULL;
    }
    if (!beginning.cut)
        return arena_copy(arena, beginning.bytes, beginning.length);
    return arena_format(arena, "%.*s…", (int)whole_length(beginning.bytes, beginning.length), beginning.bytes);
}
