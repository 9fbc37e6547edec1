/* marks.c: headings of a block of fields. */
#include "sheet/marks.h"

#include "sheet/text.h"

/* The first of each is the one written. */
static const char *const names[FIELD_COLUMN_COUNT][4] = {
    [FIELD_CODE] = {"code", "代碼", "欄位代碼"},
    [FIELD_LABEL] = {"label", "名稱", "項目", "欄位"},
    [FIELD_VALUE] = {"value", "值", "數值", "填報值"},
    [FIELD_NOTE] = {"note", "備註", "註記", "說明"},
    [FIELD_UNIT] = {"unit", "單位"},
    [FIELD_HINT] = {"hint", "填寫提示"},
};

enum field_column field_column_find(const char *heading)
{
    for (int column = 0; column < FIELD_COLUMN_COUNT; column++)
        for (size_t i = 0; i < 4 && names[column][i]; i++)
            if (text_same(heading, names[column][i]))
                return (enum field_column)column;
    return FIELD_COLUMN_COUNT;
}

const char *field_column_name(enum field_column column)
{
    return names[column][0];
}

const char *column_heading(const struct table *table, size_t column, enum language language)
{
    const char *label = table->columns[column].name.text[language];

    if (*label == '#' || text_same(label, COLUMN_ROW) ||
        wording_find(table->columns, table->column_count, item_wording, label) != column)
        return table->columns[column].code;
    return label;
}

bool is_guide_name(const char *name)
{
    static const char *const guides[] = {"填表說明", "代碼", "guide", "codes"};

    for (size_t i = 0; i < sizeof guides / sizeof *guides; i++)
        if (text_same(name, guides[i]))
            return true;
    return false;
}
