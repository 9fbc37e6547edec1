/* openapi.c: the OpenAPI description, made from the route table and the schemas, so that it can't drift from either. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "api/handlers.h"
#include "attachment/type.h"
#include "base/json.h"
#include "http/router.h"
#include "sheet/workbook.h"

/* schemas.json is part of the program. */
__asm__(".pushsection .rodata\n"
        ".global schemas_json\n"
        ".type schemas_json, @object\n"
        "schemas_json:\n"
        ".incbin \"server/api/schemas.json\"\n"
        ".byte 0\n"
        ".popsection\n");
extern const char schemas_json[];

static json_t *parameter(const char *name, const char *where, const char *meaning, bool required)
{
    return json_pack("{ss ss ss* sb s{ss}}", "name", name, "in", where, "description", meaning, "required", required,
                     "schema", "type", "string");
}

static json_t *parameters(const struct route *route)
{
    json_t *list = json_array();
    char name[64];

    for (const char *open = strchr(route->path, '{'); open; open = strchr(open + 1, '{')) {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(open + 1, "}"), open + 1);
        json_array_append_new(list, parameter(name, "path", NULL, true));
    }
    for (const struct query_parameter *one = route->query; one && one->name; one++)
        json_array_append_new(list, parameter(one->name, "query", one->meaning, one->required));
    if (route->tabular)
        json_array_append_new(list, parameter("format", "query", "json (the default), csv, ods or xlsx", false));
    if (route->workbook)
        json_array_append_new(list, parameter("format", "query", "ods (the default), xlsx, csv or json", false));
    return list;
}

static json_t *reference(const char *schema)
{
    char text[128];

    snprintf(text, sizeof text, "#/components/schemas/%s", schema);
    return json_pack("{ss}", "$ref", text);
}

static void describe_file(json_t *content, const char *media_type)
{
    json_object_set_new(content, media_type,
                        json_pack("{s{ss ss}}", "schema", "type", "string", "contentMediaType", media_type));
}

/* A document, or a file with a table of it. */
static json_t *document_content(void)
{
    static const char *const files[] = {"application/vnd.oasis.opendocument.spreadsheet",
                                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                                        "application/octet-stream"};
    json_t *content = json_pack("{s{so} s{s{ss}}}", "application/json", "schema", reference("Document"), "text/csv",
                                "schema", "type", "string");

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        describe_file(content, files[i]);
    return content;
}

static json_t *good_reply(json_t *schema, const struct route *route, bool files)
{
    json_t *content =
        json_pack("{s{so}}", route->media_type ? route->media_type : "application/json", "schema", schema);

    if (files)
        json_object_set_new(content, "text/csv", json_pack("{s{ss}}", "schema", "type", "string"));
    for (int format = 0; files && format < WORKBOOK_FORMAT_COUNT; format++)
        describe_file(content, workbook_media_type((enum workbook_format)format));
    for (const char *const *type = route->media_types; type && *type; type++)
        describe_file(content, *type);
    return json_pack("{ss so}", "description", "done", "content", content);
}

/* The bytes of a file: of its own types, or of any that may be attached. */
static json_t *raw_reply(const struct route *route)
{
    json_t *content = json_object();

    for (const struct attachment_type *type = attachment_types; !route->media_types && type->media_type; type++)
        json_object_set_new(content, type->media_type,
                            json_pack("{s{ss ss}}", "schema", "type", "string", "format", "binary"));
    for (const char *const *type = route->media_types; type && *type; type++)
        json_object_set_new(content, *type,
                            strcmp(*type, "application/json") == 0
                                ? json_pack("{s{ss}}", "schema", "type", "object")
                                : json_pack("{s{ss ss}}", "schema", "type", "string", "format", "binary"));
    return json_pack("{ss so}", "description", "bytes", "content", content);
}

static json_t *replies(const struct route *route)
{
    json_t *other = route->reply_schema && route->other_schema
                        ? json_pack("{s[oo]}", "anyOf", reference(route->reply_schema), reference(route->other_schema))
                        : NULL;
    json_t *problem = json_pack("{ss s{s{so}}}", "description", "a problem (RFC 9457)", "content",
                                "application/problem+json", "schema", reference("Problem"));
    json_t *all = json_object();
    char status[8];

    snprintf(status, sizeof status, "%d", route->success);
    if (route->raw) {
        json_object_set_new(all, status, raw_reply(route));
        json_object_set_new(all, "206", raw_reply(route));
    } else {
        json_object_set_new(all, status,
                            route->reply_schema
                                ? good_reply(reference(route->reply_schema), route, route->tabular || route->workbook)
                                : json_pack("{ss}", "description", "done"));
    }
    if (other) /* a dry run, or the file that it annotates */
        json_object_set_new(all, "200", good_reply(other, route, !route->body_schema));
    if (route->accepted_schema)
        json_object_set_new(all, "202", good_reply(reference(route->accepted_schema), route, false));
    json_object_set_new(all, "default", problem);
    return all;
}

/* "get_plans_plan_forms_form": the method and the words of the path. */
static void format_operation_id(const struct route *route, char *text, size_t size)
{
    const char *path = strncmp(route->path, "/v1/", 4) == 0 ? route->path + 3 : route->path;
    size_t length = (size_t)snprintf(text, size, "%s", route->method);

    for (size_t i = 0; i < length; i++)
        text[i] = (char)tolower((unsigned char)text[i]);
    for (; *path && length + 1 < size; path++) {
        if (isalnum((unsigned char)*path))
            text[length++] = *path;
        else if (text[length - 1] != '_' && path[1])
            text[length++] = '_';
    }
    text[length] = '\0';
}

static json_t *role_names(unsigned roles)
{
    json_t *names = json_array();

    for (unsigned role = 1; role <= roles; role *= 2)
        if (roles & role)
            json_array_append_new(names, json_string(role_name((enum role)role)));
    return names;
}

static json_t *operation(const struct route *route)
{
    char id[128];

    format_operation_id(route, id, sizeof id);
    json_t *json = json_pack("{ss ss so so}", "operationId", id, "summary", route->summary, "parameters",
                             parameters(route), "responses", replies(route));

    if (route->takes_bytes)
        json_object_set_new(json, "requestBody",
                            json_pack("{sb s{s{s{ss ss}}}}", "required", 1, "content", "application/octet-stream",
                                      "schema", "type", "string", "format", "binary"));
    else if (route->body_schema)
        json_object_set_new(json, "requestBody",
                            json_pack("{sb s{s{so}}}", "required", 1, "content", "application/json", "schema",
                                      reference(route->body_schema)));
    else if (strcmp(route->method, "POST") == 0)
        json_object_set_new(json, "requestBody", json_pack("{sb so}", "required", 1, "content", document_content()));
    json_object_set_new(json, "security",
                        route->roles ? json_pack("[{s[]},{s[]s[]}]", "bearer", "session", "forged") : json_array());
    if (route->roles)
        json_object_set_new(json, "x-roles", role_names(route->roles));
    return json;
}

static json_t *paths(void)
{
    json_t *all = json_object();

    for (const struct route *route = routes; route->method; route++) {
        char method[16];
        size_t i;
        json_t *path = json_object_get(all, route->path);

        if (!path) {
            path = json_object();
            json_object_set_new(all, route->path, path);
        }
        for (i = 0; route->method[i] && i + 1 < sizeof method; i++)
            method[i] = (char)tolower((unsigned char)route->method[i]);
        method[i] = '\0';
        json_object_set_new(path, method, operation(route));
    }
    return all;
}

/* A token; or a session's cookie, beside which a change needs the token against forged requests. */
static json_t *security_schemes(const struct request *request)
{
    return json_pack("{s{ss ss} s{ss ss ss} s{ss ss ss}}", "bearer", "type", "http", "scheme", "bearer", "session",
                     "type", "apiKey", "in", "cookie", "name", session_cookie_name(&request->service->account_rules),
                     "forged", "type", "apiKey", "in", "header", "name", "X-CSRF-Token");
}

enum step_result get_openapi(struct request *request, struct db *db)
{
    json_t *schemas = json_loads(schemas_json, 0, NULL);

    (void)db;
    if (!schemas)
        return reply_problem(request, PROBLEM_internal, NULL);
    return reply_json(request, 200,
                      json_pack("{ss s{ss ss ss} so s{so so}}", "openapi", "3.1.0", "info", "title", "Tributary",
                                "version", "1", "description", "District offices hand in, the city reads.", "paths",
                                paths(), "components", "schemas", schemas, "securitySchemes",
                                security_schemes(request)));
}
