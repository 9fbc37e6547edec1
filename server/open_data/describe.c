/* describe.c: a release's metadata, all of it from the plan's terms and the table of columns. */
#include <stdio.h>

#include "base/buffer.h"
#include "open_data/release.h"

enum { TEXT_LIMIT = 64 * 1024 };

const struct name release_sample_words = {{"合成樣本資料", "Synthetic sample data"}};

static json_t *name_json(const struct name *name)
{
    return json_pack("{ss ss}", "zh", name->text[LANGUAGE_ZH], "en", name->text[LANGUAGE_EN]);
}

static json_t *columns_json(void)
{
    json_t *list = json_array();

    for (size_t i = 0; i < RELEASE_COLUMN_COUNT; i++)
        json_array_append_new(list, json_pack("{ss so so}", "code", release_columns[i].code, "name",
                                              name_json(&release_columns[i].heading), "meaning",
                                              name_json(&release_columns[i].meaning)));
    return list;
}

static json_t *notes_json(const struct open_data_terms *terms)
{
    json_t *list = json_array();

    for (size_t i = 0; i < terms->note_count; i++)
        json_array_append_new(list, name_json(&terms->notes[i]));
    return list;
}

/* "year（年度）、period（期間）…" */
static json_t *columns_in_words(void)
{
    struct buffer text = BUFFER_WITH_LIMIT(TEXT_LIMIT);
    json_t *json;

    for (size_t i = 0; i < RELEASE_COLUMN_COUNT; i++)
        buffer_append_format(&text, "%s%s（%s：%s）", i ? "、" : "", release_columns[i].code,
                             release_columns[i].heading.text[LANGUAGE_ZH],
                             release_columns[i].meaning.text[LANGUAGE_ZH]);
    json = text.failed ? NULL : json_string(text.data);
    buffer_free(&text);
    return json;
}

/* The fields of the government's open data platform, in its own words. */
static json_t *platform_json(const struct release *release, const char *modified, const char *span)
{
    const struct open_data_terms *terms = release->terms;
    char title[512], licence[256];

    snprintf(title, sizeof title, "%s%s%s（%d年度）", release->sample ? release_sample_words.text[LANGUAGE_ZH] : "",
             release->sample ? "：" : "", terms->title.text[LANGUAGE_ZH], release->year);
    snprintf(licence, sizeof licence, "%s（%s）", terms->licence_name.text[LANGUAGE_ZH], terms->licence_url);
    return json_pack("{ss ss ss ss ss ss ss ss ss ss so ss}", "資料集名稱", title, "資料集描述",
                     terms->description.text[LANGUAGE_ZH], "資料提供機關", terms->publisher.text[LANGUAGE_ZH],
                     "提供機關聯絡人", terms->contact.text[LANGUAGE_ZH], "授權方式", licence, "更新頻率",
                     terms->update_frequency.text[LANGUAGE_ZH], "檔案格式", "CSV、ODS、XLSX、JSON", "編碼格式", "UTF-8",
                     "資料期間", span, "計費方式", "免費", "主要欄位說明", columns_in_words(), "詮釋資料更新時間",
                     modified);
}

static json_t *suppression_json(const struct open_data_terms *terms)
{
    char zh[512], en[512];

    snprintf(
        zh, sizeof zh,
        "人數為1至%d之數值不公布；其他數值如可據以推算此等人數者，亦不公布。兩者均標示為不公布而不加區分。人數為0者照常公布。"
        "每年度僅依公布時點公布一次，其後之更正不另公布。",
        terms->smallest - 1);
    snprintf(
        en, sizeof en,
        "Counts of 1 to %d persons are withheld, and so are other figures that they could be worked out from; both are "
        "marked alike. A count of 0 is published. A year is published once, as of one moment; later corrections aren't.",
        terms->smallest - 1);
    return json_pack("{si s{ss ss}}", "smallest", terms->smallest, "text", "zh", zh, "en", en);
}

json_t *release_describe(const struct release *release)
{
    const struct open_data_terms *terms = release->terms;
    char identifier[128], modified[TIMESTAMP_TEXT_SIZE], from[DATE_TEXT_SIZE], to[DATE_TEXT_SIZE], span[64];
    struct date first, last;

    if (!period_bounds((struct period){PERIOD_YEAR, release->year, 0}, &first, &last))
        return NULL;
    date_format_iso(first, from);
    date_format_iso(last, to);
    timestamp_format(release->moment, modified);
    snprintf(identifier, sizeof identifier, "%s-%d", release->version->plan->code, release->year);
    snprintf(span, sizeof span, "%s/%s", from, to);
    return json_pack("{ss so so so so s{ss so ss} so ss ss ss s{ss ss} s[ssss] so so so sb so* so}", "identifier",
                     identifier, "title", name_json(&terms->title), "description", name_json(&terms->description),
                     "publisher", name_json(&terms->publisher), "contact", name_json(&terms->contact), "licence",
                     "code", terms->licence, "name", name_json(&terms->licence_name), "url", terms->licence_url,
                     "update_frequency", name_json(&terms->update_frequency), "encoding", "UTF-8", "modified", modified,
                     "basis", terms->basis, "temporal", "from", from, "to", to, "formats", "text/csv",
                     "application/json", "application/vnd.oasis.opendocument.spreadsheet",
                     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "columns", columns_json(),
                     "suppression", suppression_json(terms), "notes", notes_json(terms), "sample", release->sample,
                     "label", release->sample ? name_json(&release_sample_words) : NULL, "data_gov_tw",
                     platform_json(release, modified, span));
}
