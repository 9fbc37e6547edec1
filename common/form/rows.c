/* rows.c: the identity of rows, so that findings, diffs and returns name a row and not a position. */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "form/document.h"

enum { LONGEST_IDENTITY = 200, ROW_LIMIT = 16 * 1024 * 1024 };

/* Key cells joined by "/"; NULL if one isn't there (there is a finding). */
static const char *key_identity(const struct table *table, const struct row *row, size_t position,
                                struct findings *findings)
{
    struct buffer text = BUFFER_WITH_LIMIT(ROW_LIMIT);
    bool complete = true;

    for (size_t i = 0; i < table->key_count; i++) {
        const struct item *column = table->key[i];
        const struct cell *cell = &row->cells[column->index];

        if (cell->state != CELL_VALUE) {
            findings_add(findings,
                         (struct finding){.code = FINDING_row_identity_missing,
                                          .place = {.table = table->code, .row = position, .column = column->code},
                                          .label = &column->name});
            complete = false;
            continue;
        }
        if (i > 0)
            buffer_append_char(&text, '/');
        if (json_is_string(cell->json))
            buffer_append_text(&text, json_string_value(cell->json));
        else if (!json_write_canonical(cell->json, &text))
            complete = false; /* a fraction: the cell has its own finding */
    }

    const size_t length = text.length;
    bool too_long = complete && length > LONGEST_IDENTITY;
    const char *identity =
        complete && text.data && !too_long ? arena_copy(findings->arena, text.data, text.length) : NULL;

    if (text.failed)
        arena_note_shortage(findings->arena);
    if (too_long) {
        findings_add(findings,
                     (struct finding){.code = FINDING_text_too_long,
                                      .label = &table->key[0]->name,
                                      .expected = "200",
                                      .found = arena_format(findings->arena, "%zu", length),
                                      .place = {.table = table->code, .row = position, .column = table->key[0]->code}});
    }
    buffer_free(&text);
    return identity;
}

static const struct name identity_words = {{"1 至 200 個位元組的文字，不含方括號、定位字元與換行",
                                            "a text of 1 to 200 bytes without brackets, tabs or line breaks"}};

/* A copy: findings tell of it when the document is gone. */
static const char *given_identity(const struct table *table, const struct row *row, size_t position,
                                  struct findings *findings)
{
    const json_t *given = json_object_get(row->json, "_row");
    const char *text = json_string_value(given);

    if (text && *text && strlen(text) <= LONGEST_IDENTITY && strcspn(text, "[]\r\n\t") == strlen(text))
        return arena_text(findings->arena, text);
    findings_add(findings, (struct finding){.code = FINDING_wrong_type,
                                            .place = {.table = table->code, .row = position, .column = "_row"},
                                            .expected = "string",
                                            .expected_words = &identity_words,
                                            .found = json_excerpt(findings->arena, given)});
    return NULL;
}

/* "h" and the first 8 hexadecimal digits of the row's digest, with "-2", "-3" … where equal rows repeat. */
static const char *digest_identity(const struct row *row, const json_t *taken, struct arena *arena)
{
    struct buffer canonical = BUFFER_WITH_LIMIT(ROW_LIMIT);
    char hex[DIGEST_TEXT_SIZE];

    if (!json_write_canonical(row->json, &canonical)) {
        if (canonical.failed) /* else there is a fraction, which has its own finding */
            arena_note_shortage(arena);
        buffer_free(&canonical);
        return NULL;
    }
    struct digest digest = digest_of(canonical.data, canonical.length);

    buffer_free(&canonical);
    digest_format(&digest, hex);

    const char *identity = arena_format(arena, "h%.8s", hex);
    const json_t *seen = identity ? json_object_get(taken, identity) : NULL;

    /* Equal rows share a digest: the count behind it makes each identity its own. */
    for (json_int_t n = seen ? json_integer_value(seen) + 1 : 0; seen && identity; n++) {
        identity = arena_format(arena, "h%.8s-%lld", hex, (long long)n);
        if (identity && !json_object_get(taken, identity))
            break;
    }
    return identity;
}

static bool take_identity(json_t *taken, const char *identity)
{
    const char *dash = identity[0] == 'h' ? strrchr(identity, '-') : NULL;

    /* remember under the plain digest how many there were, so that many equal rows stay cheap */
    if (dash && dash == identity + 9) {
        char plain[10];

        memcpy(plain, identity, 9);
        plain[9] = '\0';
        long long repeat = strtoll(dash + 1, NULL, 10);

        if (repeat > 0 && repeat < ROW_LIMIT && json_object_get(taken, plain))
            json_object_set_new(taken, plain, json_integer(repeat));
    }
    return json_object_set_new(taken, identity, json_integer(1)) == 0;
}

static int compare_identities(const void *a, const void *b)
{
    const struct row *const *left = a, *const *right = b;

    return strcmp((*left)->identity, (*right)->identity);
}

static bool sort_rows(struct table_rows *rows, struct arena *arena)
{
    const struct row **sorted = arena_alloc_array(arena, rows->row_count + 1, sizeof *sorted);

    rows->by_identity = sorted;
    for (size_t i = 0; sorted && i < rows->row_count; i++)
        if (rows->rows[i].identity)
            sorted[rows->identity_count++] = &rows->rows[i];
    if (sorted)
        qsort(sorted, rows->identity_count, sizeof *sorted, compare_identities);
    return sorted != NULL;
}

size_t rows_find(struct table_rows *rows, struct arena *arena, const char *identity)
{
    const struct row wanted = {.identity = identity}, *key = &wanted, **found;

    if (!rows->by_identity && !sort_rows(rows, arena))
        return 0;
    found = bsearch(&key, rows->by_identity, rows->identity_count, sizeof *rows->by_identity, compare_identities);
    return found ? (size_t)(*found - rows->rows) + 1 : 0;
}

static void refuse_repeat(const struct table *table, size_t position, const char *identity, struct findings *findings)
{
    static const struct name row_words = {{"列識別碼", "row identity"}};

    findings_add(findings, (struct finding){.code = FINDING_row_identity_repeated,
                                            .place = {.table = table->code,
                                                      .row_identity = identity,
                                                      .row = position,
                                                      .column = table->key_count ? table->key[0]->code : "_row"},
                                            .label = table->key_count ? &table->key[0]->name : &row_words,
                                            .found = identity});
}

bool rows_identify(const struct table *table, struct table_rows *rows, struct findings *findings)
{
    json_t *taken = json_object();
    bool good = taken != NULL;

    /* given identities first, so that a made one never takes a given one's place */
    for (size_t i = 0; good && i < rows->row_count; i++) {
        struct row *row = &rows->rows[i];

        if (table->key_count)
            row->identity = key_identity(table, row, i + 1, findings);
        else if (json_object_get(row->json, "_row"))
            row->identity = given_identity(table, row, i + 1, findings);
        if (!row->identity)
            continue;
        if (json_object_get(taken, row->identity))
            refuse_repeat(table, i + 1, row->identity, findings);
        good = take_identity(taken, row->identity);
    }
    for (size_t i = 0; good && i < rows->row_count && !table->key_count; i++) {
        struct row *row = &rows->rows[i];

        if (row->identity || json_object_get(row->json, "_row"))
            continue;
        row->identity = digest_identity(row, taken, findings->arena);
        if (row->identity)
            good = json_object_set_new(row->json, "_row", json_string(row->identity)) == 0 &&
                   take_identity(taken, row->identity);
    }
    json_decref(taken);
    if (!good)
        findings->out_of_memory = true;
    return good;
}
