/* fuzz_annotate.c: a file annotated at addresses that its own bytes give: what comes out reads as the same cells, and can
 * be annotated again. Input that begins like XML is also packed as content.xml, so that the fuzzer works on XML and not on
 * deflated bytes. */
#include <zip.h>

#include "fuzz/fuzz_support.h"
#include "sheet/annotate.h"
#include "sheet/grid.h"

enum { MOST_FINDINGS = 12 };

static const struct name words = {{"填 {found}，應為 {expected}", "{found}, not {expected}"}};

/* An ODS file with that content. The caller frees it; NULL if libzip makes none. */
static char *pack(const uint8_t *data, size_t size, size_t *ret_length)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_TRUNCATE, NULL) : NULL;
    char *bytes = NULL;
    zip_stat_t stat;

    CLAIM(zip);
    zip_source_keep(source);
    CLAIM(zip_file_add(zip, "content.xml", zip_source_buffer(zip, data, size, 0), 0) >= 0);
    CLAIM(zip_close(zip) == 0);
    CLAIM(zip_source_open(source) == 0 && zip_source_stat(source, &stat) == 0);
    bytes = malloc(stat.size);
    CLAIM(bytes && zip_source_read(source, bytes, stat.size) == (zip_int64_t)stat.size);
    *ret_length = stat.size;
    zip_source_close(source);
    zip_source_free(source);
    return bytes;
}

/* Cells near the beginning, some far away, some on no sheet. */
static void add_findings(struct findings *findings, const struct grid *grid, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < MOST_FINDINGS && size > 0; i++) {
        unsigned a = data[(i * 7919) % size], b = data[(i * 104729 + 1) % size], c = data[(i * 31 + 2) % size];
        size_t sheet = grid->sheet_count ? c % (grid->sheet_count + 1) : 0;
        struct finding finding = {.severity = (enum severity)(b % 3),
                                  .code = FINDING_sum_mismatch,
                                  .message = &words,
                                  .found = "<&\"2178",
                                  .expected = "2151\n\x01"};

        if (sheet < grid->sheet_count)
            finding.sheet = grid->sheets[sheet].name;
        if (a != 255)
            finding.ref = arena_format(findings->arena, "%s%c%u", b > 250 ? "XF" : "", 'A' + (int)(b % 9),
                                       a > 250 ? a * 1000 : a % 16 + 1);
        findings_add(findings, finding);
    }
}

/* The cells of a file, told apart from comments; a text in the arena. */
static struct grid read_grid(struct arena *arena, const char *bytes, size_t length, bool *ret_sound)
{
    struct findings findings = FINDINGS_IN(arena);
    struct grid grid = {0};

    CLAIM(grid_read_file(bytes, length, &findings, &grid));
    *ret_sound = findings.error_count == 0;
    return grid;
}

static void claim_same(const struct grid *a, const struct grid *b)
{
    CLAIM(a->sheet_count == b->sheet_count);
    for (size_t s = 0; s < a->sheet_count; s++) {
        CLAIM(a->sheets[s].row_count == b->sheets[s].row_count);
        for (size_t r = 0; r < a->sheets[s].row_count; r++) {
            const struct grid_row *x = &a->sheets[s].rows[r], *y = &b->sheets[s].rows[r];

            CLAIM(x->number == y->number && x->cell_count == y->cell_count);
            for (size_t c = 0; c < x->cell_count; c++)
                CLAIM(strcmp(x->cells[c].text, y->cells[c].text) == 0);
        }
    }
}

static bool annotate(const char *bytes, size_t length, const struct findings *findings, struct buffer *out)
{
    const struct name *refusal = NULL;
    size_t cells = 0;
    bool good = annotate_file(bytes, length, findings, LANGUAGE_ZH, out, &cells, &refusal);

    CLAIM(good || (refusal && out->length == 0));
    CLAIM(!good || cells <= findings->count);
    return good;
}

static void try_file(const char *bytes, size_t length, const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4 * (size_t)MEMORY);
    struct findings findings = FINDINGS_IN(arena), none = FINDINGS_IN(arena);
    struct buffer marked = BUFFER_WITH_LIMIT(ANNOTATED_LIMIT), clean = BUFFER_WITH_LIMIT(ANNOTATED_LIMIT);
    enum grid_file kind = grid_file_kind(bytes, length);
    bool sound, again;
    struct grid before = read_grid(arena, bytes, length, &sound);

    add_findings(&findings, &before, data, size);
    if (annotate(bytes, length, &findings, &marked)) {
        /* without an earlier comment line, what is left of a CSV file may begin like a flat ODF file */
        CLAIM(kind == GRID_FILE_CSV || grid_file_kind(marked.data, marked.length) == kind);
        struct grid after = read_grid(arena, marked.data, marked.length, &again);

        CLAIM(!sound || again);
        if (sound && kind != GRID_FILE_CSV) /* comment lines move the rows below */
            claim_same(&before, &after);
        CLAIM(annotate(marked.data, marked.length, &none, &clean));
    }
    buffer_free(&marked);
    buffer_free(&clean);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length;

    try_file((const char *)data, size, data, size);
    if (size > 0 && data[0] == '<') {
        char *packed = pack(data, size, &length);

        try_file(packed, length, data, size);
        free(packed);
    }
    return 0;
}
