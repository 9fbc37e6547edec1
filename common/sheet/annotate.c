/* annotate.c: telling what a file is, and putting the changed parts of an archive back into it. */
#include "sheet/annotate.h"

#include <string.h>
#include <strings.h>

#include "sheet/annotation.h"
#include "sheet/grid.h"
#include "sheet/xml_text.h"

enum { ANNOTATION_MEMORY = 448 * 1024 * 1024 };

static const struct name no_kind_words = {{"檔案須為 .ods、.xlsx 或 CSV", "the file must be .ods, .xlsx or CSV"}};
static const struct name unsound_words = {{"檔案的 XML 不正確，無法標註，請重新存檔",
                                           "the file's XML is not sound, so nothing can be marked; save it again"}};

/* ---- parts of an archive ----------------------------------------------------------------------------------------- */

static struct archive_change *find_change(const struct annotation *annotation, const char *name)
{
    for (size_t i = 0; i < annotation->change_count; i++)
        if (strcasecmp(annotation->changes[i].name, name) == 0)
            return &annotation->changes[i];
    return NULL;
}

bool part_exists(const struct annotation *annotation, const char *name)
{
    return find_change(annotation, name) || archive_has(annotation->archive, name);
}

const char *part_read(struct annotation *annotation, const char *name, size_t *ret_length)
{
    const struct archive_change *change = find_change(annotation, name);
    const struct name *refusal = NULL;
    const char *text = NULL;

    if (change) {
        *ret_length = change->length;
        return change->text;
    }

    enum archive_outcome outcome = archive_read(annotation->archive, name, ANNOTATION_LARGEST_PART, annotation->arena,
                                                &text, ret_length, &refusal);

    if (outcome != ARCHIVE_GOOD)
        annotation_refuse(annotation, outcome == ARCHIVE_REFUSED ? refusal : NULL);
    return outcome == ARCHIVE_GOOD ? text : NULL;
}

static struct archive_change *add_change(struct annotation *annotation, const char *name)
{
    struct arena *arena = annotation->arena;

    if (annotation->change_count == annotation->change_capacity) {
        size_t capacity = annotation->change_capacity ? annotation->change_capacity * 2 : 16;
        struct archive_change *changes = arena_alloc_array(arena, capacity, sizeof *changes);

        if (!changes)
            return NULL;
        if (annotation->change_count)
            memcpy(changes, annotation->changes, annotation->change_count * sizeof *changes);
        annotation->changes = changes;
        annotation->change_capacity = capacity;
    }
    annotation->changes[annotation->change_count].name = arena_text(arena, name);
    return annotation->changes[annotation->change_count].name ? &annotation->changes[annotation->change_count++] : NULL;
}

bool part_write(struct annotation *annotation, const char *name, struct buffer *text, bool is_xml)
{
    bool sound = !text->failed && text->data && (!is_xml || xml_is_sound(text->data, text->length));
    struct archive_change *change = find_change(annotation, name);
    const char *copy = sound ? arena_copy(annotation->arena, text->data, text->length) : NULL;
    size_t length = text->length;
    bool short_of_memory = text->failed || (sound && !copy);

    buffer_free(text);
    if (!sound && !short_of_memory)
        return annotation_refuse(annotation, &unsound_words);
    if (copy && !change)
        change = add_change(annotation, name);
    if (!copy || !change)
        return annotation_run_out(annotation);
    change->text = copy;
    change->length = length;
    return true;
}

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
    struct archive_change *whole = add_change(annotation, ODS_CONTENT);

    if (!whole)
        return annotation_run_out(annotation);
    whole->text = bytes;
    whole->length = length;
    return annotate_ods(annotation) && (buffer_append(out, annotation->changes->text, annotation->changes->length) ||
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
