/* xlsx.c: the workbook: which part is which, and its sheets in order. */
#include <stdlib.h>
#include <string.h>

#include "sheet/xlsx_parts.h"

enum { MOST_RELATIONS = 2000, MOST_PATH = 1024 };

static const struct name no_workbook_words = {
    {"這不是試算表檔（.ods、.xlsx 或 .csv）", "this is no spreadsheet file (.ods, .xlsx or .csv)"}};
static const struct name binary_words = {{"這是二進位活頁簿（.xlsb），請另存為 .xlsx 或 .ods",
                                          "this is a binary workbook (.xlsb); save it as .xlsx or .ods"}};
static const struct name missing_words = {
    {"檔案缺少必要的內容，請重新存檔", "the file lacks a part it needs; save it again"}};

const struct xml_space xlsx_spaces[] = {
    {"http://schemas.openxmlformats.org/spreadsheetml/2006/main", XLSX_MAIN},
    {"http://purl.oclc.org/ooxml/spreadsheetml/main", XLSX_MAIN},
    {"http://schemas.openxmlformats.org/officeDocument/2006/relationships", XLSX_RELATION},
    {"http://purl.oclc.org/ooxml/officeDocument/relationships", XLSX_RELATION},
    {"http://schemas.openxmlformats.org/package/2006/relationships", XLSX_PACKAGE},
    {0},
};

struct relation {
    const char *id, *type, *target; /* target: the member's name */
};

struct relations {
    struct grid_builder *builder;
    const char *folder; /* of the part they belong to, with a slash at its end unless it is "" */
    struct relation *items;
    size_t count, capacity;
};

struct sheet_entry {
    const char *name, *relation;
    bool hidden;
};

struct workbook_reader {
    struct xlsx_book *book;
    struct sheet_entry *sheets;
    size_t count, capacity;
};

void *xlsx_grow(struct grid_builder *builder, void *items, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity ? *capacity * 2 : 16;
    void *grown = count < *capacity ? items : arena_alloc_array(builder->findings->arena, wanted, size);

    if (!grown)
        builder_run_out_of_memory(builder);
    if (!grown || grown == items)
        return grown;
    if (count > 0)
        memcpy(grown, items, count * size);
    *capacity = wanted;
    return grown;
}

static const char *copy_text(struct grid_builder *builder, const char *text)
{
    return builder_text(builder, text ? text : "", text ? strlen(text) : 0);
}

static bool ignore_end(void *context, struct xml_name name)
{
    (void)context;
    (void)name;
    return true;
}

static bool ignore_text(void *context, const char *bytes, size_t count)
{
    (void)context;
    (void)bytes;
    (void)count;
    return true;
}

/* How much of "xl/worksheets/" is the folder above. */
static size_t parent_length(const char *path, size_t length)
{
    length -= length > 0;
    while (length > 0 && path[length - 1] != '/')
        length--;
    return length;
}

/* The member that a target such as "worksheets/sheet1.xml", "../a.xml" or "/xl/a.xml" means. "" if it is too long. */
static const char *resolve_target(struct relations *relations, const char *target)
{
    char path[MOST_PATH];
    size_t length = *target == '/' ? 0 : strlen(relations->folder);

    if (length + strlen(target) >= sizeof path)
        return "";
    memcpy(path, relations->folder, length);
    for (size_t step; *target; target += step) {
        step = strcspn(target, "/");
        step += target[step] == '/';
        if (strncmp(target, "../", 3) == 0) {
            length = parent_length(path, length);
        } else if (strncmp(target, "./", 2) != 0 && *target != '/') {
            memcpy(path + length, target, step);
            length += step;
        }
    }
    return builder_text(relations->builder, path, length);
}

static bool on_relation(void *context, struct xml_name name, const struct xml_attributes *attributes)
{
    struct relations *relations = context;
    const char *target = xml_attribute(attributes, XLSX_NONE, "Target");
    const char *mode = xml_attribute(attributes, XLSX_NONE, "TargetMode");
    struct relation relation;

    if (name.space != XLSX_PACKAGE || strcmp(name.local, "Relationship") != 0 || !target ||
        (mode && strcmp(mode, "External") == 0) || relations->count == MOST_RELATIONS)
        return true;
    relation = (struct relation){.id = copy_text(relations->builder, xml_attribute(attributes, XLSX_NONE, "Id")),
                                 .type = copy_text(relations->builder, xml_attribute(attributes, XLSX_NONE, "Type")),
                                 .target = resolve_target(relations, target)};
    if (relations->builder->stopped)
        return false;
    relations->items = xlsx_grow(relations->builder, relations->items, relations->count, &relations->capacity,
                                 sizeof *relations->items);
    if (!relations->items)
        return false;
    relations->items[relations->count++] = relation;
    return true;
}

/* Reads the relations of a part ("": of the package), which lie in the folder _rels beside it. None if it has none. */
static bool read_relations(struct xlsx_book *book, const char *part, struct relations *ret_relations)
{
    static const struct xml_reading reading = {xlsx_spaces, on_relation, ignore_end, ignore_text};
    const char *slash = strrchr(part, '/'), *file = slash ? slash + 1 : part;
    struct arena *arena = book->builder->findings->arena;
    const char *folder = arena_copy(arena, part, (size_t)(file - part));
    const char *member = folder ? arena_format(arena, "%s_rels/%s.rels", folder, file) : NULL;
    const struct name *refusal = NULL;

    *ret_relations = (struct relations){.builder = book->builder, .folder = folder};
    if (!member)
        return builder_run_out_of_memory(book->builder);
    if (!archive_has(book->archive, member))
        return true;

    enum archive_outcome outcome = xml_read_member(book->archive, member, &reading, ret_relations, &refusal);

    return builder_accept(book->builder, outcome, refusal);
}

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), tail = strlen(ending);

    return length >= tail && strcmp(text + length - tail, ending) == 0;
}

/* The first part of a kind ("/styles"; both editions' types end alike), or NULL. */
static const char *find_kind(const struct relations *relations, const char *kind)
{
    for (size_t i = 0; i < relations->count; i++)
        if (ends_with(relations->items[i].type, kind))
            return relations->items[i].target;
    return NULL;
}

static const struct relation *find_relation(const struct relations *relations, const char *id)
{
    for (size_t i = 0; i < relations->count; i++)
        if (strcmp(relations->items[i].id, id) == 0)
            return &relations->items[i];
    return NULL;
}

static bool keep_sheet(struct workbook_reader *reader, const struct xml_attributes *attributes)
{
    struct grid_builder *builder = reader->book->builder;
    const char *state = xml_attribute(attributes, XLSX_NONE, "state");
    struct sheet_entry sheet = {
        .name = copy_text(builder, xml_attribute(attributes, XLSX_NONE, "name")),
        .relation = copy_text(builder, xml_attribute(attributes, XLSX_RELATION, "id")),
        .hidden = state && strcmp(state, "visible") != 0,
    };

    if (builder->stopped || reader->count == MOST_RELATIONS)
        return !builder->stopped;
    reader->sheets = xlsx_grow(builder, reader->sheets, reader->count, &reader->capacity, sizeof *reader->sheets);
    if (!reader->sheets)
        return false;
    reader->sheets[reader->count++] = sheet;
    return true;
}

static bool on_workbook(void *context, struct xml_name name, const struct xml_attributes *attributes)
{
    struct workbook_reader *reader = context;

    if (name.space != XLSX_MAIN)
        return true;
    if (strcmp(name.local, "workbookPr") == 0) {
        const char *from_1904 = xml_attribute(attributes, XLSX_NONE, "date1904");

        reader->book->from_1904 = from_1904 && (strcmp(from_1904, "1") == 0 || strcmp(from_1904, "true") == 0);
    }
    return strcmp(name.local, "sheet") != 0 || keep_sheet(reader, attributes);
}

static bool read_workbook(struct workbook_reader *reader, const char *member)
{
    static const struct xml_reading reading = {xlsx_spaces, on_workbook, ignore_end, ignore_text};
    struct xlsx_book *book = reader->book;
    const struct name *refusal = NULL;

    if (ends_with(member, ".bin"))
        return builder_refuse(book->builder, &binary_words);

    enum archive_outcome outcome = xml_read_member(book->archive, member, &reading, reader, &refusal);

    if (!builder_accept(book->builder, outcome, refusal))
        return false;
    return reader->count > 0 || builder_refuse(book->builder, &no_workbook_words);
}

/* Sheets of charts and macros have no cells. */
static bool read_sheet(struct xlsx_book *book, const struct relations *relations, const struct sheet_entry *sheet)
{
    const struct relation *relation = find_relation(relations, sheet->relation);

    if (relation && !ends_with(relation->type, "/worksheet"))
        return true;
    if (!builder_begin_sheet(book->builder, sheet->name, sheet->hidden))
        return false;
    return relation ? xlsx_read_sheet(book, relation->target) : builder_refuse(book->builder, &missing_words);
}

bool xlsx_is(const struct archive *archive)
{
    return archive_has(archive, "[Content_Types].xml");
}

void xlsx_read(struct archive *archive, struct grid_builder *builder)
{
    struct xlsx_book book = {.archive = archive, .builder = builder};
    struct workbook_reader workbook = {.book = &book};
    struct relations package, relations;
    const char *member, *strings, *styles;

    if (!read_relations(&book, "", &package))
        return;
    member = find_kind(&package, "/officeDocument");
    member = member ? member : "xl/workbook.xml";
    if (!archive_has(archive, member)) {
        builder_refuse(builder, &no_workbook_words);
        return;
    }
    if (!read_workbook(&workbook, member) || !read_relations(&book, member, &relations))
        return;
    strings = find_kind(&relations, "/sharedStrings");
    styles = find_kind(&relations, "/styles");
    if ((strings && !xlsx_read_strings(&book, strings)) || (styles && !xlsx_read_styles(&book, styles)))
        return;
    for (size_t i = 0; i < workbook.count && read_sheet(&book, &relations, &workbook.sheets[i]); i++) {}
}
