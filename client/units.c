/* units.c: finding a unit by what a person calls it. */
#include "units.h"

#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "fetch.h"
#include "naming.h"
#include "url.h"

/* How near a text comes to a unit. */
enum nearness { NEAR_NOT, NEAR_PART, NEAR_WHOLE };

static enum nearness near(const json_t *unit, const char *text)
{
    const char *code = json_text_member(unit, "unit");
    const json_t *name = json_object_get(unit, "name");
    const char *chinese = json_text_member(name, "zh"), *english = json_text_member(name, "en");
    size_t code_length = code ? strlen(code) : 0, length = strlen(text);

    if (!code || !chinese || !english)
        return NEAR_NOT;
    if (strcmp(code, text) == 0 || strcmp(chinese, text) == 0 || strcasecmp(english, text) == 0)
        return NEAR_WHOLE;
    if (strstr(chinese, text) || strcasestr(english, text) ||
        (length < code_length && code[code_length - length - 1] == '-' &&
         strcmp(code + code_length - length, text) == 0))
        return NEAR_PART;
    return NEAR_NOT;
}

/* The figure that a Chinese numeral of one character stands for; 0: it is none. */
static char figure_of(const char *text)
{
    static const char *const numerals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};

    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++)
        if (strncmp(text, numerals[i], strlen(numerals[i])) == 0)
            return (char)('1' + i);
    return '\0';
}

/* "第 一 組" as "第1組": without spaces between Chinese characters and figures, and its number as a figure. */
static const char *tighten(struct client *client, const char *text)
{
    static const char mark[] = "第";
    char *tight = arena_text(client->arena, text), *out = tight;
    bool chinese = false;

    for (const char *in = text; *in; in++)
        chinese = chinese || (unsigned char)*in >= 0x80;
    for (const char *in = text; chinese && tight && *in; in++)
        if (*in != ' ')
            *out++ = *in;
    if (chinese && tight)
        *out = '\0';
    for (char *at = tight ? strstr(tight, mark) : NULL; at; at = strstr(at + 1, mark)) {
        char *numeral = at + strlen(mark), figure = figure_of(numeral);

        if (!figure)
            continue;
        *numeral = figure;
        memmove(numeral + 1, numeral + strlen("一"), strlen(numeral + strlen("一")) + 1);
    }
    return tight ? tight : text;
}

enum { MOST_NAMED = 20 };

/* The names of those that come that near, separated by the language's comma; at most MOST_NAMED. */
static const char *names_of(struct client *client, const json_t *units, const char *text, enum nearness nearness)
{
    const char *names = "", *comma = client->language == LANGUAGE_ZH ? "、" : ", ";
    const json_t *unit;
    size_t i, count = 0;

    json_array_foreach(units, i, unit) {
        if (!names || (nearness != NEAR_NOT && near(unit, text) != nearness))
            continue;
        names = arena_format(client->arena, "%s%s%s", names, *names ? comma : "",
                             count < MOST_NAMED ? naming_of(client, json_object_get(unit, "name")) : "…");
        if (++count > MOST_NAMED)
            break;
    }
    return names ? names : "";
}

const char *unit_meant(struct client *client, const json_t *units, const char *text)
{
    const char *meant = tighten(client, text), *code = NULL;
    enum nearness nearest = NEAR_NOT;
    size_t count = 0, i;
    const json_t *unit;

    json_array_foreach(units, i, unit) {
        enum nearness nearness = *meant ? near(unit, meant) : NEAR_NOT;

        if (nearness == NEAR_NOT || nearness < nearest)
            continue;
        count = nearness > nearest ? 1 : count + 1;
        nearest = nearness;
        code = json_text_member(unit, "unit");
    }
    if (count == 1)
        return code;
    client_usage(client, count ? client_text(client, several_units, text, names_of(client, units, meant, nearest))
                               : client_text(client, no_such_unit, text, names_of(client, units, meant, NEAR_NOT)));
    return NULL;
}

static bool has_unit(const json_t *units, const char *code)
{
    const json_t *unit;
    size_t i;

    json_array_foreach(units, i, unit) {
        const char *one = json_text_member(unit, "unit");

        if (one && strcmp(one, code) == 0)
            return true;
    }
    return false;
}

/* Each unit once of the body, or of all (NULL). The caller decrefs. */
static json_t *units_of(const json_t *bodies, const char *body)
{
    json_t *units = json_array();
    const json_t *one;
    size_t i, k;

    json_array_foreach(bodies, i, one) {
        const char *code = json_text_member(one, "body");
        json_t *unit;

        if (body && (!code || strcmp(code, body) != 0))
            continue;
        json_array_foreach(json_object_get(one, "units"), k, unit) {
            const char *of = json_text_member(unit, "unit");

            if (of && !has_unit(units, of))
                json_array_append(units, unit);
        }
    }
    return units;
}

/* Whether it is written as codes are, and means none of these. */
static bool is_code(const json_t *units, const char *text)
{
    const json_t *unit;
    size_t i;

    if (strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(text) || strlen(text) < 4)
        return false;
    json_array_foreach(units, i, unit)
        if (near(unit, text) != NEAR_NOT)
            return false;
    return true;
}

enum exit_status unit_option(struct client *client, const char *plan, const char *body, const char **ret_unit)
{
    const char *text = client_option(client, "group"), *part = url_part(client->arena, plan), *unit;
    json_t *answer, *units;
    enum exit_status status;

    text = text ? text : client_option(client, "unit");
    body = body ? body : client_option(client, "body");
    *ret_unit = NULL;
    if (!text)
        return EXIT_DONE;
    status = fetch_json(client, part ? arena_format(client->arena, "/v1/plans/%s/bodies", part) : NULL, &answer);
    if (status != EXIT_DONE)
        return status;
    units = units_of(json_object_get(answer, "bodies"), body);
    if (json_array_size(units) == 0 ||
        is_code(units, text)) { /* for the server to judge: perhaps it was one in an earlier year */
        *ret_unit = text;
    } else {
        unit = unit_meant(client, units, text);
        *ret_unit = unit ? arena_text(client->arena, unit) : NULL;
        status = *ret_unit ? EXIT_DONE : EXIT_USAGE;
    }
    json_decref(units);
    json_decref(answer);
    return status;
}
