/* units.c: finding a unit by what a person calls it. */
#include "units.h"

#include <string.h>
#include <strings.h>

#include "base/json.h"

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

/* "第 1 組" as "第1組": without spaces between Chinese characters and figures. */
static const char *tighten(struct client *client, const char *text)
{
    char *tight = arena_text(client->arena, text), *out = tight;
    bool chinese = false;

    for (const char *in = text; *in; in++)
        chinese = chinese || (unsigned char)*in >= 0x80;
    for (const char *in = text; chinese && tight && *in; in++)
        if (*in != ' ')
            *out++ = *in;
    if (chinese && tight)
        *out = '\0';
    return tight ? tight : text;
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
    client_usage(client, count ? client_text(client, several_units, text) : client_text(client, no_such_unit, text));
    return NULL;
}
