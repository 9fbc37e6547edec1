/* grid_support.h: spreadsheet files made of XML, and what is read from them as one line. */
#ifndef TRIBUTARY_TESTS_GRID_SUPPORT_H
#define TRIBUTARY_TESTS_GRID_SUPPORT_H

#include "sheet/grid.h"
#include "unit/archive_support.h"
#include "unit/sheet_support.h"

/* Cells as "A1=x B1=y", each with a sign of its kind behind it where it is no text; the sheets are told apart by "/", a
 * hidden one has "~" before it. */
static inline char *list_cells_of(const struct grid *grid)
{
    static const char *const signs[] = {
        [GRID_TEXT] = "",      [GRID_NUMBER] = ":n", [GRID_PERCENT] = ":p", [GRID_DATE] = ":d",
        [GRID_BOOLEAN] = ":b", [GRID_ERROR] = ":e",  [GRID_FORMULA] = ":f"};
    struct buffer text = BUFFER_WITH_LIMIT(1024 * 1024);

    for (size_t s = 0; s < grid->sheet_count; s++) {
        const struct grid_sheet *sheet = &grid->sheets[s];

        size_t begin = text.length;

        buffer_append_format(&text, "%s%s", s ? " /" : "", sheet->hidden ? " ~" : "");
        for (size_t r = 0; r < sheet->row_count; r++)
            for (size_t c = 0; c < sheet->rows[r].cell_count; c++)
                if (*sheet->rows[r].cells[c].text)
                    buffer_append_format(&text, "%s%c%zu=%s%s", s || text.length > begin ? " " : "", (int)('A' + c),
                                         sheet->rows[r].number, sheet->rows[r].cells[c].text,
                                         signs[sheet->rows[r].cells[c].kind]);
    }
    return buffer_take(&text, NULL);
}

/* Takes the file over. */
static inline void expect_grid(struct made_file file, const char *cells, const char *findings, const char *about)
{
    struct arena *arena = arena_new(JUDGED_MEMORY);
    struct findings found = FINDINGS_IN(arena);
    struct grid grid;

    cr_assert(grid_read_file(file.bytes, file.length, &found, &grid));
    char *read = list_cells_of(&grid), *listed = list_cells(&found);

    cr_expect_str_eq(read, cells, "%s\n  read     %s\n  expected %s", about, read, cells);
    cr_expect_str_eq(listed, findings, "%s\n  found    %s\n  expected %s", about, listed, findings);
    expect_whole_messages(&found);
    free(read);
    free(listed);
    free(file.bytes);
    arena_free(arena);
}

/* Takes the file over and reads it into a judged document. */
static inline struct read_file read_made_file(const struct plan *plan, struct made_file made, struct identity given)
{
    struct read_file file = {.arena = arena_new(JUDGED_MEMORY)};

    file.findings = FINDINGS_IN(file.arena);
    cr_assert(grid_read_file(made.bytes, made.length, &file.findings, &file.grid));
    free(made.bytes);
    file.json = grid_to_document(plan, &file.grid, &given, &file.findings, &file.places);
    if (file.json)
        file.document = document_judge(plan, json_deep_copy(file.json), &file.findings);
    findings_locate(&file.findings, file.places);
    cr_assert_not(file.findings.out_of_memory);
    expect_whole_messages(&file.findings);
    return file;
}

#define ODF_SPACE(prefix, name) " xmlns:" prefix "=\"urn:oasis:names:tc:opendocument:xmlns:" name ":1.0\""
#define ODS_BEGIN                                                                                                      \
    "<o:document-content" ODF_SPACE("o", "office") ODF_SPACE("t", "table") ODF_SPACE("x", "text")                      \
        ODF_SPACE("s", "style") ODF_SPACE(                                                                             \
            "d", "drawing") " xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\">"
#define ODS_END "</o:document-content>"

/* An ODS file of these elements of content.xml. */
static inline struct made_file make_ods(const char *elements)
{
    struct buffer content = BUFFER_WITH_LIMIT(16 * 1024 * 1024);

    buffer_append_format(&content, ODS_BEGIN "%s" ODS_END, elements);
    struct made_file file =
        make_archive((struct made_member[]){{"mimetype", "application/vnd.oasis.opendocument.spreadsheet", 0},
                                            {"content.xml", content.data, 0}},
                     2);

    buffer_free(&content);
    return file;
}

/* An ODS file of one sheet with one row of these cells. */
static inline struct made_file make_ods_row(const char *cells)
{
    struct buffer row = BUFFER_WITH_LIMIT(16 * 1024 * 1024);

    buffer_append_format(&row, "<t:table t:name='S'><t:table-row>%s</t:table-row></t:table>", cells);
    struct made_file file = make_ods(row.data);

    buffer_free(&row);
    return file;
}

#define XLSX_MAIN_SPACE "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define XLSX_RELATIONS  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

/* The workbook of an XLSX file with two sheets, of which the second is hidden; NULL parts are left out. */
struct xlsx_parts {
    const char *workbook_properties, *sheet, *second, *strings, *styles;
};

static inline char *whole_part(const char *element, const char *content)
{
    struct buffer part = BUFFER_WITH_LIMIT(16 * 1024 * 1024);

    buffer_append_format(&part, "<%s xmlns='" XLSX_MAIN_SPACE "' xmlns:r='" XLSX_RELATIONS "'>%s</%s>", element,
                         content ? content : "", element);
    return buffer_take(&part, NULL);
}

static inline struct made_file make_xlsx(struct xlsx_parts parts)
{
    struct buffer book = BUFFER_WITH_LIMIT(100000), sheet = BUFFER_WITH_LIMIT(16 * 1024 * 1024);

    buffer_append_format(&book, "%s<sheets><sheet name='S' r:id='a'/>%s</sheets>",
                         parts.workbook_properties ? parts.workbook_properties : "",
                         parts.second ? "<sheet name='T' state='veryHidden' r:id='b'/>" : "");
    buffer_append_format(&sheet, "<sheetData>%s</sheetData>", parts.sheet);
    char *texts[] = {whole_part("workbook", book.data), whole_part("worksheet", sheet.data),
                     whole_part("worksheet", parts.second), whole_part("sst", parts.strings),
                     whole_part("styleSheet", parts.styles)};
    struct made_file file = make_archive(
        (struct made_member[]){
            {"[Content_Types].xml", "<Types/>", 0},
            {"_rels/.rels",
             "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r' "
             "Type='" XLSX_RELATIONS "/officeDocument' Target='/book/main.xml'/></Relationships>",
             0},
            {"book/_rels/main.xml.rels",
             "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
             "<Relationship Id='a' Type='" XLSX_RELATIONS "/worksheet' Target='../one/./sheet.xml'/>"
             "<Relationship Id='b' Type='" XLSX_RELATIONS "/worksheet' Target='/two.xml'/>"
             "<Relationship Id='c' Type='" XLSX_RELATIONS "/sharedStrings' Target='strings.xml'/>"
             "<Relationship Id='d' Type='" XLSX_RELATIONS "/styles' Target='styles.xml'/>"
             "<Relationship Id='e' Type='" XLSX_RELATIONS "/hyperlink' Target='http://x/' TargetMode='External'/>"
             "</Relationships>",
             0},
            {"book/main.xml", texts[0], 0},
            {"one/sheet.xml", texts[1], 0},
            {"two.xml", texts[2], 0},
            {"book/strings.xml", texts[3], 0},
            {"book/styles.xml", texts[4], 0}},
        8);

    for (size_t i = 0; i < COUNT(texts); i++)
        free(texts[i]);
    buffer_free(&book);
    buffer_free(&sheet);
    return file;
}

#endif
