/* release.c: which release there is of a year, and its table as JSON. */
#include "open_data/release.h"

#include <string.h>

/* The terms of the version in force, or of the first later one that has any. */
static const struct open_data_terms *find_terms(struct shelf *shelf, const struct plan_version *version)
{
    const char *code = version->plan->code, *jurisdiction = version->jurisdiction;

    while (version && !version->plan->open_data)
        version = shelf_version(shelf, jurisdiction, code, version->version + 1);
    return version ? version->plan->open_data : NULL;
}

/* The version in force at the moment that its own terms name. A version's terms are asked first for the day; the day of
 * the newest ones is taken where the first version has none. */
enum release_status release_find(struct shelf *shelf, const char *jurisdiction, const char *plan, int year,
                                 timestamp now, struct release *ret_release)
{
    const struct plan_version *first = shelf_version(shelf, jurisdiction, plan, 1), *version;
    const struct open_data_terms *terms = first ? find_terms(shelf, first) : NULL;

    if (!terms)
        return RELEASE_NO_TERMS;

    timestamp moment = open_data_moment(terms, year);

    version = shelf_find(shelf, jurisdiction, plan, &moment);
    terms = version ? find_terms(shelf, version) : NULL;
    if (!terms)
        return RELEASE_NO_TERMS;
    if (year < version->plan->from || year > version->plan->to)
        return RELEASE_NO_YEAR;
    *ret_release = (struct release){.version = version, .terms = terms, .year = year, .moment = moment};
    return moment < now ? RELEASE_READY : RELEASE_NOT_YET;
}

static json_t *name_json(const struct name *name)
{
    return json_pack("{ss ss}", "zh", name->text[LANGUAGE_ZH], "en", name->text[LANGUAGE_EN]);
}

json_t *release_to_json(const struct release *release, const struct tabulation *tabulation)
{
    const struct open_data_terms *terms = release->terms;
    char moment[TIMESTAMP_TEXT_SIZE];
    json_t *rows = tabulation_to_json(tabulation);

    timestamp_format(release->moment, moment);
    return rows ? json_pack("{ss si si so ss ss s{ss so ss} so si sb so}", "plan", release->version->plan->code,
                            "plan_version", release->version->version, "year", release->year, "title",
                            name_json(&terms->title), "as_of", moment, "basis", terms->basis, "licence", "code",
                            terms->licence, "name", name_json(&terms->licence_name), "url", terms->licence_url,
                            "publisher", name_json(&terms->publisher), "smallest", terms->smallest, "sample",
                            release->sample, "rows", rows)
                : NULL;
}
