/* annotate_support.h: small files annotated, and the parts of what comes out. */
#ifndef TRIBUTARY_TESTS_ANNOTATE_SUPPORT_H
#define TRIBUTARY_TESTS_ANNOTATE_SUPPORT_H

#include "sheet/annotate.h"
#include "sheet/archive.h"
#include "unit/archive_support.h"

#define SIGN "【Tributary 匯流】檢核結果"

/* A finding that says "found / expected". */
struct given {
    enum severity severity;
    const char *sheet, *ref, *found, *expected;
};

static const struct name given_words = {{"填 {found}，應為 {expected}", "{found}, not {expected}"}};

static inline struct findings findings_of(struct arena *arena, const struct given *given, size_t count)
{
    struct findings findings = FINDINGS_IN(arena);

    for (size_t i = 0; i < count; i++)
        findings_add(&findings, (struct finding){.severity = given[i].severity,
                                                 .code = FINDING_sum_mismatch,
                                                 .message = &given_words,
                                                 .sheet = given[i].sheet,
                                                 .ref = given[i].ref,
                                                 .found = given[i].found,
                                                 .expected = given[i].expected});
    return findings;
}

/* The annotated bytes, to be freed. */
static inline struct made_file annotate_bytes(const char *bytes, size_t length, const struct given *given, size_t count)
{
    struct arena *arena = arena_new(JUDGED_MEMORY);
    struct findings findings = findings_of(arena, given, count);
    struct buffer out = BUFFER_WITH_LIMIT(ANNOTATED_LIMIT);
    const struct name *refusal = NULL;
    struct made_file file;
    size_t cells;

    cr_assert(annotate_file(bytes, length, &findings, LANGUAGE_ZH, &out, &cells, &refusal), "%s",
              refusal ? refusal->text[LANGUAGE_EN] : "memory");
    cr_assert_leq(cells, count);
    file.bytes = buffer_take(&out, &file.length);
    arena_free(arena);
    return file;
}

/* A member of an archive, to be freed; NULL if it has none of that name. */
static inline char *member_of(const struct made_file *file, const char *name)
{
    struct arena *arena = arena_new(2 * (size_t)MOST_READ);
    const struct name *refusal = NULL;
    struct archive *archive;
    const char *text;
    char *copy = NULL;
    size_t length;

    cr_assert_eq(archive_open(file->bytes, file->length, &archive, &refusal), ARCHIVE_GOOD);
    if (archive_has(archive, name)) {
        cr_assert_eq(archive_read(archive, name, MOST_READ, arena, &text, &length, &refusal), ARCHIVE_GOOD);
        copy = strdup(text);
    }
    archive_close(archive);
    arena_free(arena);
    return copy;
}

static inline size_t count_of(const char *text, const char *part)
{
    size_t count = 0;

    for (; text && (text = strstr(text, part)); text += strlen(part))
        count++;
    return count;
}

#endif
