/* annotation_parts.c: the members of an archive that is being annotated, as they are or as they were changed. */
#include <string.h>
#include <strings.h>

#include "sheet/annotation.h"
#include "sheet/xml_text.h"

static const struct name unsound_words = {{"檔案的 XML 不正確，無法標註，請重新存檔",
                                           "the file's XML is not sound, so nothing can be marked; save it again"}};

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

bool part_add(struct annotation *annotation, const char *name, const char *text, size_t length)
{
    struct archive_change *change = add_change(annotation, name);

    if (!change)
        return annotation_run_out(annotation);
    change->text = text;
    change->length = length;
    return true;
}
