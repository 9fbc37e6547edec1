/* annotate.c: telling what a file is, and putting the changed parts of an archive back into it. */
#include "sheet/annotate.h"

#include <string.h>

#include "sheet/annotation.h"
#include "sheet/grid.h"

enum { ANNOTATION_MEMORY = 448 * 1024 * 1024 };

static const struct name no_kind_words = {{"檔案須為 .ods、.xlsx 或 CSV", "the file must be .ods, .xlsx or CSV"}};

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static bool make_remarks(struct annotation *annotation, const struct findings *findings)
{
    annotation->remarks = arena_alloc_array(annotation->arena, findings->count + 1, sizeof *annotation->remarks);
    if (!annotation->remarks)
        return annotation_run_out(annotation);
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];

        annotation->remarks[i] = (struct remark){.sheet = finding->sheet,
                                                 .ref = finding->ref,
                                                 .number = i,
                                                 .severity = finding->severity,
                                                 .finding = finding};
    }
    annotation->remark_count = findings->count;
    return true;
}

static bool annotate_archive(struct annotation *annotation, const char *bytes, size_t length, struct buffer *out)
{
    const struct name *refusal = NULL;
    enum archive_outcome outcome = archive_open(bytes, length, &annotation->archive, &refusal);
    bool good = false;

    if (outcome != ARCHIVE_GOOD)
        return annotation_refuse(annotation, outcome == ARCHIVE_REFUSED ? refusal : NULL);
    if (archive_has(annotation->archive, ODS_CONTENT))
        good = annotate_ods(annotation);
    else if (archive_has(annotation->archive, "[Content_Types].xml"))
        good = annotate_xlsx(annotation);
    else
        annotation_refuse(annotation, &no_kind_words);
    archive_close(annotation->archive);
    if (!good)
        return false;
    if (annotation->change_count == 0)
        return buffer_append(out, bytes, length) || annotation_run_out(annotation);
    outcome = archive_write(bytes, length, annotation->changes, annotation->change_count, out, &refusal);
    return outcome == ARCHIVE_GOOD || annotation_refuse(annotation, outcome == ARCHIVE_REFUSED ? refusal : NULL);
}

/* A flat ODF file is what an archive's content.xml is, and more. */
static bool annotate_flat(struct annotation *annotation, const char *bytes, size_t length, struct buffer *out)
{
    return part_add(annotation, ODS_CONTENT, bytes, length) && annotate_ods(annotation) &&
           (buffer_append(out, annotation->changes->text, annotation->changes->length) ||
            annotation_run_out(annotation));
}

static bool is_archive(const char *bytes, size_t length)
{
    return length >= 4 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0 ||
                           memcmp(bytes, "\xd0\xcf\x11\xe0", 4) == 0);
}

bool annotate_file(const char *bytes, size_t length, const struct findings *findings, enum language language,
                   struct buffer *out, size_t *ret_cells, const struct name **ret_refusal)
{
    struct annotation annotation = {.arena = arena_new(ANNOTATION_MEMORY), .language = language};
    struct buffer annotated = BUFFER_WITH_LIMIT(ANNOTATED_LIMIT);
    bool good = annotation.arena && make_remarks(&annotation, findings);

    if (good && is_archive(bytes, length))
        good = annotate_archive(&annotation, bytes, length, &annotated);
    else if (good && grid_file_kind(bytes, length) == GRID_FILE_ODS)
        good = annotate_flat(&annotation, bytes, length, &annotated);
    else if (good)
        good = annotate_csv(&annotation, bytes, length, &annotated);
    good = good && !annotation.failed && !arena_is_short(annotation.arena) && !annotated.failed &&
           buffer_append(out, annotated.data ? annotated.data : "", annotated.length);
    if (good)
        *ret_cells = annotation.cell_count;
    else
        *ret_refusal = annotation.refusal;
    buffer_free(&annotated);
    arena_free(annotation.arena);
    return good;
}
