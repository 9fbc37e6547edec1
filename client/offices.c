/* offices.c: finding an office by what a person calls it. */
#include "offices.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "plan_cache.h"

/* "龜" and "B" name nothing; in UTF-8 a Chinese character takes three bytes. */
enum { SHORTEST_BEGINNING = 4 };

/* A piece of a text. */
struct piece {
    const char *start;
    size_t length;
};

static bool begins(struct piece piece, const char *word)
{
    size_t length = strlen(word);

    return length && length <= piece.length && strncmp(piece.start, word, length) == 0;
}

static bool ends(struct piece piece, const char *word)
{
    size_t length = strlen(word);

    return length && length <= piece.length && strncasecmp(piece.start + piece.length - length, word, length) == 0;
}

/* Without the city's name before it (Chinese) or behind it after a comma (English). */
static struct piece within_city(const struct plan *plan, const char *text)
{
    const struct name *city = &plan->jurisdiction_name;
    struct piece piece = {text, strlen(text)};

    if (begins(piece, city->text[LANGUAGE_ZH])) {
        size_t length = strlen(city->text[LANGUAGE_ZH]);

        piece = (struct piece){text + length, piece.length - length};
    }
    if (ends(piece, city->text[LANGUAGE_EN])) {
        piece.length -= strlen(city->text[LANGUAGE_EN]);
        while (piece.length && strchr(" ,", piece.start[piece.length - 1]))
            piece.length--;
    }
    return piece;
}

static bool is_name(struct piece piece, const char *name)
{
    return strlen(name) == piece.length && strncasecmp(piece.start, name, piece.length) == 0;
}

static bool is_beginning(struct piece piece, const char *name)
{
    return piece.length >= SHORTEST_BEGINNING && strncasecmp(name, piece.start, piece.length) == 0;
}

const char *office_meant(const struct plan *plan, const char *text)
{
    struct piece piece = within_city(plan, text);
    const char *found = NULL, *city = plan->jurisdiction_name.text[LANGUAGE_EN]; /* "Taoyuan" alone may be the city */
    size_t count = 0;

    for (size_t i = 0; i < plan->office_count; i++) {
        const struct office *office = &plan->offices[i];

        if (strcmp(office->code, text) == 0 || is_name(piece, office->name.text[LANGUAGE_ZH]) ||
            is_name(piece, office->name.text[LANGUAGE_EN]))
            return office->code;
        if (is_beginning(piece, office->name.text[LANGUAGE_ZH]) ||
            (is_beginning(piece, office->name.text[LANGUAGE_EN]) && !is_beginning(piece, city))) {
            found = office->code;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

/* Whether what follows an office's name is a section of it: others are called after an office, too (…退休人員協會). */
static bool is_section(const char *rest)
{
    static const char *const endings[] = {"課", "室", "科", "隊", "所", "中心"};
    struct piece piece = {rest, strlen(rest)};

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends(piece, endings[i]))
            return true;
    return false;
}

const char *office_leading(const struct plan *plan, const char *text, const char **ret_rest)
{
    struct piece piece = within_city(plan, text);

    for (size_t i = 0; i < plan->office_count; i++) {
        const char *name = plan->offices[i].name.text[LANGUAGE_ZH];
        size_t length = strlen(name);

        if (!begins(piece, name) || !is_section(piece.start + length))
            continue;
        *ret_rest = piece.start + length;
        return plan->offices[i].code;
    }
    return NULL;
}

/* How many characters of two texts of the same length in bytes differ; SIZE_MAX for other lengths. */
static size_t count_differing(struct piece piece, const char *name)
{
    size_t count = 0;
    bool differs = false;

    if (strlen(name) != piece.length)
        return SIZE_MAX;
    for (size_t i = 0; i < piece.length; i++) {
        if (((unsigned char)name[i] & 0xc0) != 0x80) {
            count += differs;
            differs = false;
        }
        differs = differs || name[i] != piece.start[i];
    }
    return count + differs;
}

const char *office_like(const struct plan *plan, const char *text, enum language language)
{
    struct piece piece = within_city(plan, text);
    const struct office *found = NULL;
    size_t count = 0;

    for (size_t i = 0; i < plan->office_count; i++) {
        if (count_differing(piece, plan->offices[i].name.text[LANGUAGE_ZH]) != 1)
            continue;
        found = &plan->offices[i];
        count++;
    }
    return count == 1 ? found->name.text[language] : NULL;
}

/* "桃園區公所、中壢區公所、…" */
static const char *all_names(struct client *client, const struct plan *plan)
{
    const char *names = "", *comma = client->language == LANGUAGE_ZH ? "、" : ", ";

    for (size_t i = 0; names && i < plan->office_count; i++)
        names =
            arena_format(client->arena, "%s%s%s", names, i ? comma : "", plan->offices[i].name.text[client->language]);
    return names ? names : "";
}

/* "中歷" is like 中壢區公所 as well as "中歷區公所" is. */
static const char *like_in_short(struct client *client, const struct plan *plan, const char *text)
{
    const char *like = office_like(plan, text, client->language);

    if (!like)
        like = office_like(plan, arena_format(client->arena, "%s區公所", text), client->language);
    return like ? like : office_like(plan, arena_format(client->arena, "%s公所", text), client->language);
}

static enum exit_status explain_unknown(struct client *client, const struct plan *plan, const char *text)
{
    const char *like = like_in_short(client, plan, text);

    return client_usage(client, like ? client_text(client, no_such_office_but, text, like)
                                     : client_text(client, no_such_office, text, all_names(client, plan)));
}

static enum exit_status resolve(struct client *client, const char **value)
{
    struct cached_plan plan;
    enum exit_status status = plan_cached(client, &plan);
    const char *code;

    if (status != EXIT_DONE)
        return status;
    code = office_meant(plan.plan, *value);
    if (code)
        *value = arena_text(client->arena, code);
    else
        status = explain_unknown(client, plan.plan, *value);
    cached_plan_release(&plan);
    return status;
}

enum exit_status offices_resolve(struct client *client)
{
    enum exit_status status = EXIT_DONE;

    for (size_t i = 0; i < client->arguments.given_count && status == EXIT_DONE; i++) {
        const char **value = &client->arguments.given[i].value;

        if (strcmp(client->arguments.given[i].option->name, "office") == 0 &&
            strspn(*value, "0123456789") != strlen(*value))
            status = resolve(client, value);
    }
    return status;
}
