/* plan_cache.c: plans kept by server and code, each in a file that also holds the server's version. */
#include "plan_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "files.h"
#include "places.h"
#include "url.h"

#define CACHE_SUFFIX ".json"

enum { CACHE_LIMIT = 64 * 1024 * 1024, MOST_PLAN_VALUES = 4 * 1000 * 1000 };

/* Members of a plan file; a server may say more about a plan than its file does. */
static const char *const plan_members[] = {
    "format", "plan",   "version_note", "draft",      "jurisdiction", "name",       "years", "time_zone",    "offices",
    "groups", "wholes", "calendar",     "code_lists", "forms",        "indicators", "notes", "review_stages"};

void cached_plan_release(struct cached_plan *plan)
{
    plan_free(plan->plan);
    plan->plan = NULL;
}

/* A code that can be a file's name. */
static bool is_file_name(const char *code)
{
    return code[0] && code[0] != '.' &&
           code[strspn(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._")] == '\0';
}

static const char *cache_folder(struct client *client, const char *server)
{
    return place_of_server(client->arena, client->config.state, "plans", server);
}

/* {"version","sample","plan"} as the file holds it; NULL if there is none that can be read. The caller decrefs. */
static json_t *read_cache(struct client *client, const char *folder, const char *code)
{
    const char *path = is_file_name(code) ? arena_format(client->arena, "%s/%s" CACHE_SUFFIX, folder, code) : NULL,
               *bytes;
    struct json_fault fault;
    size_t length;

    if (!path || file_read(client->arena, path, CACHE_LIMIT, &bytes, &length) != 0)
        return NULL;
    return json_parse_strict(bytes, length, MOST_PLAN_VALUES, &fault);
}

/* What can't be kept is asked for again next time; that is said, but it isn't a failure. */
static void write_cache(struct client *client, const char *folder, const char *code, const json_t *cache)
{
    char *text = is_file_name(code) ? json_dumps(cache, JSON_COMPACT) : NULL;
    const char *name = arena_format(client->arena, "%s" CACHE_SUFFIX, code);
    int error = text && name ? folder_make(folder) : 0;

    if (text && name && !error)
        error = file_write(folder, name, text, strlen(text));
    if (error)
        client_machine_fault(client, folder, error);
    free(text);
}

static enum exit_status say_faults(struct client *client, json_t *faults)
{
    const json_t *first = json_array_get(faults, 0);

    client_say(client, plan_unreadable, json_text_member(first, "path"), json_text_member(first, "message"));
    json_decref(faults);
    return EXIT_SERVER_FAULT;
}

static enum exit_status load(struct client *client, const json_t *cache, struct cached_plan *ret_plan)
{
    const json_t *answer = json_object_get(cache, "plan");
    json_t *file = json_object(), *faults = NULL;

    for (size_t i = 0; file && i < sizeof plan_members / sizeof *plan_members; i++) {
        json_t *member = json_object_get(answer, plan_members[i]);

        if (member)
            json_object_set(file, plan_members[i], member);
    }

    struct plan *plan = file ? plan_load(file, &faults) : NULL;

    json_decref(file);
    if (!plan)
        return say_faults(client, faults);
    *ret_plan = (struct cached_plan){plan, json_is_true(json_object_get(cache, "sample"))};
    return EXIT_DONE;
}

/* The code of the only plan that is cached for this server, NULL if there is none or more than one. */
static const char *only_cached(struct client *client, const char *folder)
{
    const char **names;
    size_t count;

    if (folder_list(client->arena, folder, CACHE_SUFFIX, &names, &count) != 0 || count != 1)
        return NULL;
    return arena_copy(client->arena, names[0], strlen(names[0]) - strlen(CACHE_SUFFIX));
}

static const char *codes_of(struct client *client, const json_t *plans)
{
    const char *codes = "";
    const json_t *plan;
    size_t i;

    json_array_foreach(plans, i, plan) {
        codes = arena_format(client->arena, "%s%s%s", codes, i > 0 ? ", " : "", json_text_member(plan, "plan"));
        if (!codes)
            return "";
    }
    return codes;
}

/* The person's plan among those of the server. NULL, having said why. */
static const json_t *choose(struct client *client, const json_t *answer)
{
    const char *wanted = config_get(&client->config, "plan");
    const json_t *plans = json_object_get(answer, "plans"), *plan;
    size_t i;

    json_array_foreach(plans, i, plan) {
        const char *code = json_text_member(plan, "plan");

        if (code && (wanted ? strcmp(code, wanted) == 0 : json_array_size(plans) == 1))
            return plan;
    }
    if (json_array_size(plans) == 0)
        client_usage(client, client_word(client, no_plans));
    else if (wanted)
        client_usage(client, client_text(client, plan_not_there, wanted, codes_of(client, plans)));
    else
        client_usage(client, client_text(client, several_plans, codes_of(client, plans)));
    return NULL;
}

static enum exit_status ask_plan(struct client *client, const char *folder, const char *code, const json_t *version,
                                 bool sample, json_t **ret_cache)
{
    const char *part = url_part(client->arena, code);
    const char *path = part ? arena_format(client->arena, "/v1/plans/%s", part) : NULL;
    json_t *plan;
    enum exit_status status = fetch_json(client, path, &plan);

    if (status != EXIT_DONE)
        return status;

    json_t *cache = json_pack("{sO* sb so}", "version", version, "sample", sample, "plan", plan);

    if (!cache)
        return client_usage(client, client_word(client, out_of_memory));
    write_cache(client, folder, code, cache);
    *ret_cache = cache;
    return EXIT_DONE;
}

/* Whether the cache holds the server's version and says the same of its data. */
static bool is_current(const json_t *cache, const json_t *version, bool sample)
{
    return version && json_equal(json_object_get(cache, "version"), version) &&
           json_is_true(json_object_get(cache, "sample")) == sample;
}

static enum exit_status refresh(struct client *client, const char *server, struct cached_plan *ret_plan)
{
    const char *folder = cache_folder(client, server);
    json_t *answer;
    enum exit_status status = folder ? fetch_json(client, "/v1/plans", &answer) : EXIT_USAGE;

    if (status != EXIT_DONE)
        return status;

    const json_t *item = choose(client, answer);

    status = item ? EXIT_DONE : EXIT_USAGE;
    if (item) {
        const char *code = json_text_member(item, "plan");
        const json_t *version = json_object_get(item, "version");
        bool sample = json_is_true(json_object_get(answer, "sample"));
        json_t *cache = read_cache(client, folder, code);

        if (!is_current(cache, version, sample)) {
            json_decref(cache);
            cache = NULL;
            status = ask_plan(client, folder, code, version, sample, &cache);
        }
        if (status == EXIT_DONE)
            status = load(client, cache, ret_plan);
        json_decref(cache);
    }
    json_decref(answer);
    return status;
}

enum exit_status plan_current(struct client *client, struct cached_plan *ret_plan)
{
    const char *server = fetch_server(client);

    return server ? refresh(client, server, ret_plan) : EXIT_USAGE;
}

/* The cached plan of this server; NULL if there is none. The caller decrefs. */
static json_t *find_cache(struct client *client, const char *server)
{
    const char *folder = server ? cache_folder(client, server) : NULL, *wanted = config_get(&client->config, "plan");
    const char *code = !folder ? NULL : wanted ? wanted : only_cached(client, folder);

    return code ? read_cache(client, folder, code) : NULL;
}

enum exit_status plan_cached(struct client *client, struct cached_plan *ret_plan)
{
    const char *server = fetch_server(client);
    json_t *cache = server ? find_cache(client, server) : NULL;
    enum exit_status status;

    if (!server)
        return EXIT_USAGE;
    if (!cache)
        return refresh(client, server, ret_plan);
    status = load(client, cache, ret_plan);
    json_decref(cache);
    return status;
}

void plan_if_cached(struct client *client, struct cached_plan *ret_plan)
{
    const char *given = config_get(&client->config, "server"),
               *server = given ? url_server(client->arena, given) : NULL;
    json_t *cache = find_cache(client, server);

    *ret_plan = (struct cached_plan){0};
    if (cache)
        load(client, cache, ret_plan);
    json_decref(cache);
}

const char *plan_code(struct client *client, enum exit_status *ret_status)
{
    const char *code = config_get(&client->config, "plan"), *server = code ? NULL : fetch_server(client);
    const char *folder = server ? cache_folder(client, server) : NULL;
    struct cached_plan plan = {0};

    *ret_status = EXIT_DONE;
    if (!code && folder)
        code = only_cached(client, folder);
    if (code)
        return code;
    *ret_status = server ? refresh(client, server, &plan) : EXIT_USAGE;
    if (*ret_status == EXIT_DONE)
        code = arena_text(client->arena, plan.plan->code);
    cached_plan_release(&plan);
    return code;
}
