/* reset_page.c: a small page without scripts: two fields and a button. */
#include "api/reset_page.h"

#include <string.h>
#include <strings.h>

#include "api/handlers.h"
#include "http/router.h"
#include "identity/accounts.h"

enum { PAGE_LIMIT = 8 * 1024 };

static const struct {
    int status;
    bool asks;
    const char *words[2];
} pages[] = {
    [RESET_ASKS] = {200,
                    true,
                    {"請設定新密碼（至少 12 字，不可與帳號相同）。",
                     "Choose a new password: 12 characters at least, and not the login."}},
    [RESET_DIFFERS] = {422,
                       true,
                       {"兩次輸入的密碼不同，請再輸入一次。", "The two passwords differ; enter them again."}},
    [RESET_WEAK] = {422,
                    true,
                    {"密碼至少 12 字，且不可與帳號相同，請再輸入一次。",
                     "A password has 12 characters at least, and isn't the login; enter another."}},
    [RESET_GONE] = {404,
                    false,
                    {"連結已用過或已逾期，請向管理者再要一個。",
                     "The link was used or has expired; ask an administrator for another."}},
    [RESET_DONE] = {200, false, {"密碼已設定，請以新密碼登入。", "The password is set; sign in with it."}},
};

bool reset_form_was_sent(const struct request *request)
{
    const char *type = request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);

    return type && strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0;
}

/* The value of one field of a form, in the arena; NULL if it isn't there, or isn't well formed. */
static const char *form_value(struct request *request, const char *name)
{
    const char *text = request->body.data ? arena_copy(request->arena, request->body.data, request->body.length) : NULL;
    size_t name_length = strlen(name);

    while (text && *text) {
        size_t length = strcspn(text, "&");

        if (length > name_length && strncmp(text, name, name_length) == 0 && text[name_length] == '=')
            return percent_decode(request->arena, text + name_length + 1, length - name_length - 1, true);
        text += length + (text[length] == '&');
    }
    return NULL;
}

const char *reset_form_read(struct request *request)
{
    const char *password = form_value(request, "password"), *again = form_value(request, "again");

    if (password && again && strcmp(password, again) == 0)
        return password;
    reply_reset_page(request, RESET_DIFFERS);
    return NULL;
}

enum step_result reply_reset_page(struct request *request, enum reset_page page)
{
    static const char *const labels[2][3] = {{"新密碼", "再輸入一次", "設定密碼"},
                                             {"New password", "Once more", "Set the password"}};
    const char *const *label = labels[request->language];
    struct buffer text = BUFFER_WITH_LIMIT(PAGE_LIMIT);
    size_t length;
    char *body;

    buffer_append_format(&text,
                         "<!DOCTYPE html><html lang=\"%s\"><meta charset=\"utf-8\"><meta name=\"viewport\""
                         " content=\"width=device-width\"><title>Tributary</title><main><p role=\"status\">%s</p>",
                         request->language == LANGUAGE_ZH ? "zh-Hant-TW" : "en", pages[page].words[request->language]);
    if (pages[page].asks)
        buffer_append_format(
            &text,
            "<form method=\"post\"><p><label>%s <input name=\"password\" type=\"password\" required"
            " minlength=\"12\" autocomplete=\"new-password\"></label></p><p><label>%s <input name=\"again\""
            " type=\"password\" required minlength=\"12\" autocomplete=\"new-password\"></label></p>"
            "<p><button>%s</button></p></form>",
            label[0], label[1], label[2]);
    buffer_append_text(&text, "</main></html>\n");
    body = buffer_take(&text, &length);
    if (!body)
        return reply_problem(request, PROBLEM_internal, NULL);
    request->reply.secret = true;
    reply_header(request, "Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'");
    reply_header(request, "Referrer-Policy", "no-referrer");
    return reply_bytes(request, pages[page].status, "text/html; charset=utf-8", body, length);
}

enum step_result get_password_reset(struct request *request, struct db *db)
{
    struct sign_in ignored = {.usable = false};
    bool known = false;
    enum db_status status = reset_find(db, request->path_parameters[0], request->arena, &known, &ignored);

    if (status != DB_OK)
        return reply_db_failure(request, db, (int)status, "reset_failed");
    return reply_reset_page(request, known ? RESET_ASKS : RESET_GONE);
}
