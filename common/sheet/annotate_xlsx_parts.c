/* annotate_xlsx_parts.c: relations between the parts of an XLSX file, and what kind of content each part is. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sheet/annotate_xlsx.h"

#define CONTENT_TYPES   "[Content_Types].xml"
#define RELATIONS_SPACE "http://schemas.openxmlformats.org/package/2006/relationships"
#define XML_DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

static const struct name bad_package_words = {
    {"檔案的結構不完整，請重新存檔", "the file's structure is incomplete; save it again"}};

enum { MOST_PARTS = 10000 };

/* "xl/_rels/workbook.xml.rels" for "xl/workbook.xml". */
static const char *relations_of(struct annotation *annotation, const char *part)
{
    const char *slash = strrchr(part, '/');
    int folder = slash ? (int)(slash - part) + 1 : 0;

    return arena_format(annotation->arena, "%.*s_rels/%s.rels", folder, part, part + folder);
}

/* The part that a target names, seen from another part. */
static const char *resolve(struct annotation *annotation, const char *part, const char *target)
{
    const char *slash = strrchr(part, '/');
    size_t folder = slash ? (size_t)(slash - part) : 0;

    if (*target == '/')
        return target + 1;
    for (; strncmp(target, "../", 3) == 0 || strncmp(target, "./", 2) == 0; target += target[1] == '.' ? 3 : 2)
        for (bool up = target[1] == '.'; up && folder > 0;)
            up = part[--folder] != '/';
    return folder ? arena_format(annotation->arena, "%.*s/%s", (int)folder, part, target) : target;
}

static bool ends_with(const struct xml_attribute *attribute, const char *ending)
{
    size_t length = strlen(ending);

    return attribute->value_length >= length &&
           memcmp(attribute->value + attribute->value_length - length, ending, length) == 0;
}

static bool is_related(struct annotation *annotation, const struct xml_tag *tag, const char *type_ending,
                       const char *id)
{
    struct xml_attribute type;
    const char *own = id ? xml_text(annotation->arena, tag, "", "Id") : NULL;

    return (!id || (own && strcmp(own, id) == 0)) && xml_find(tag, "", "Type", &type) && ends_with(&type, type_ending);
}

const char *xlsx_related(struct annotation *annotation, const char *part, const char *type_ending, const char *id)
{
    const char *relations = relations_of(annotation, part), *text = NULL;
    size_t length;
    struct xml_tag tag;

    if (relations && part_exists(annotation, relations))
        text = part_read(annotation, relations, &length);
    if (!text)
        return NULL;

    struct xml_scan scan = {text, text + length};

    while (xml_next(&scan, &tag)) {
        if (!is_related(annotation, &tag, type_ending, id))
            continue;
        const char *target = xml_text(annotation->arena, &tag, "", "Target");

        return target ? resolve(annotation, part, target) : NULL;
    }
    return NULL;
}

/* Inserts before the end of a part's root element. */
static bool append_to_root(struct annotation *annotation, const char *part, const char *item)
{
    struct xml_edits edits = {.arena = annotation->arena};
    struct buffer out = BUFFER_WITH_LIMIT(ANNOTATION_LARGEST_PART);
    size_t length;
    const char *text = part_read(annotation, part, &length);
    struct xml_tag root;

    if (!text)
        return false;

    struct xml_scan scan = {text, text + length};
    struct xml_range range;

    if (!xml_next_child(&scan, &root, &range))
        return annotation_refuse(annotation, &bad_package_words);
    if (root.kind == XML_OPEN) {
        xml_insert(&edits, xml_content(&root, range).end, item);
    } else {
        struct buffer whole = BUFFER_WITH_LIMIT(ANNOTATION_LARGEST_PART);

        xml_append_tag(&whole, &root, NULL, 0, XML_OPEN);
        buffer_append_text(&whole, item);
        xml_append_end(&whole, &root);
        xml_replace(&edits, range, &whole);
        buffer_free(&whole);
    }
    if (!xml_apply(&edits, text, length, &out)) {
        buffer_free(&out);
        return annotation_run_out(annotation);
    }
    return part_write(annotation, part, &out, true);
}

bool xlsx_relate(struct annotation *annotation, const char *part, const char *id, const char *type, const char *target)
{
    const char *relations = relations_of(annotation, part);
    struct buffer text = BUFFER_WITH_LIMIT(ANNOTATION_LARGEST_PART);

    if (!relations)
        return annotation_run_out(annotation);
    if (!part_exists(annotation, relations)) {
        buffer_append_text(&text, XML_DECLARATION "<Relationships xmlns=\"" RELATIONS_SPACE "\"></Relationships>");
        if (!part_write(annotation, relations, &text, true))
            return false;
    }
    return append_to_root(annotation, relations,
                          arena_format(annotation->arena,
                                       "<Relationship xmlns=\"" RELATIONS_SPACE
                                       "\" Id=\"%s\" Type=\"%s\" Target=\"/%s\"/>",
                                       id, type, target));
}

/* Whether the content types have an item whose attribute has that value. */
static bool is_declared(struct annotation *annotation, const char *attribute, const char *value)
{
    size_t length;
    const char *text = part_read(annotation, CONTENT_TYPES, &length);
    struct xml_scan scan = {text, text ? text + length : NULL};
    struct xml_tag tag;

    while (text && xml_next(&scan, &tag)) {
        const char *own = xml_text(annotation->arena, &tag, "", attribute);

        if (own && strcasecmp(own, value) == 0)
            return true;
    }
    return false;
}

static bool declare(struct annotation *annotation, const char *element, const char *attribute, const char *value,
                    const char *type)
{
    return is_declared(annotation, attribute, value) ||
           append_to_root(annotation, CONTENT_TYPES,
                          arena_format(annotation->arena,
                                       "<%s xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\" "
                                       "%s=\"%s\" ContentType=\"%s\"/>",
                                       element, attribute, value, type));
}

bool xlsx_declare_part(struct annotation *annotation, const char *part, const char *type)
{
    const char *name = arena_format(annotation->arena, "/%s", part);

    return name ? declare(annotation, "Override", "PartName", name, type) : annotation_run_out(annotation);
}

bool xlsx_declare_extension(struct annotation *annotation, const char *extension, const char *type)
{
    return declare(annotation, "Default", "Extension", extension, type);
}

const char *xlsx_free_name(struct annotation *annotation, const char *before, const char *after)
{
    for (size_t i = 1; i < MOST_PARTS; i++) {
        const char *name = arena_format(annotation->arena, "%s%zu%s", before, i, after);

        if (!name || !part_exists(annotation, name))
            return name;
    }
    annotation_refuse(annotation, &bad_package_words);
    return NULL;
}
