/* base_network.c: addresses and networks, and the machine behind proxies. */
#include "base/network.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
    const char *text, *written; /* NULL: refused */
} networks[] = {
    {"10.0.0.0/8", "10.0.0.0/8"},
    {"192.0.2.7", "192.0.2.7"},
    {"192.0.2.7/32", "192.0.2.7"},
    {"0.0.0.0/0", "0.0.0.0/0"},
    {"::1", "::1"},
    {"2001:db8::/32", "2001:db8::/32"},
    {"::ffff:192.0.2.7", "192.0.2.7"},
    {"::/0", "::/0"},
    {"", NULL},
    {"10.0.0.1/8", NULL},
    {"10.0.0.0/33", NULL},
    {"10.0.0.0/", NULL},
    {"10.0.0.0/08", NULL},
    {"10.0.0.0/-1", NULL},
    {"10.0.0.0/8/8", NULL},
    {"10.0.0", NULL},
    {"010.0.0.0", NULL},
    {"10.0.0.0 ", NULL},
    {"localhost", NULL},
    {"fe80::1%eth0", NULL},
    {"::1/129", NULL},
    {"[::1]", NULL},
    {"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc", NULL},
};

Test(network, is_read_strictly_and_written_shortly)
{
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        char written[ADDRESS_TEXT_SIZE + 4];
        struct network network;

        cr_expect_eq(network_parse(networks[i].text, &network), networks[i].written != NULL, "%s", networks[i].text);
        if (!networks[i].written || !network_parse(networks[i].text, &network))
            continue;
        network_format(&network, written);
        cr_expect_str_eq(written, networks[i].written);
    }
}

Test(network, lists_hold_sixteen)
{
    static const char seventeen[] =
        "1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,"
        "1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1";
    struct networks list;

    cr_expect_not(networks_parse(seventeen, &list));
    cr_expect(networks_parse(seventeen + strlen("1.1.1.1,"), &list) && list.count == NETWORKS_MOST);
    cr_expect(networks_parse("", &list) && list.count == 0);
    cr_expect_not(networks_parse("10.0.0.0/8; 10.0.0.0/8", &list));
}

static const struct {
    const char *list, *address;
    bool contained;
} containments[] = {
    {"10.0.0.0/8", "10.255.0.1", true},
    {"10.0.0.0/8", "11.0.0.1", false},
    {"0.0.0.0/0", "1.2.3.4", true},
    {"0.0.0.0/0", "2001:db8::1", false},
    {"2001:db8::/33", "2001:db8::1", true},
    {"2001:db8::/33", "2001:db8:8000::1", false},
    {"127.0.0.1", "::ffff:127.0.0.1", true},
    {"", "127.0.0.1", false},
    {"10.0.0.0/9, 10.128.0.0/9", "10.200.0.1", true},
};

Test(network, contains_its_addresses)
{
    for (size_t i = 0; i < sizeof containments / sizeof *containments; i++) {
        struct networks list;
        struct network address;

        cr_assert(networks_parse(containments[i].list, &list) && network_parse(containments[i].address, &address));
        cr_expect_eq(networks_contain(&list, &address), containments[i].contained, "%zu", i);
    }
}

static const struct {
    const char *peer, *forwarded, *client;
} ways[] = {
    {"203.0.113.5", "198.51.100.7", "203.0.113.5"}, /* who isn't trusted says nothing */
    {"10.0.0.1", "198.51.100.7", "198.51.100.7"},
    {"10.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7"}, /* what the client made up stands before */
    {"10.0.0.1", "198.51.100.7,10.0.0.2", "198.51.100.7"}, /* two proxies of ours */
    {"10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"},
    {"10.0.0.1", "198.51.100.7, rubbish", "10.0.0.1"},
    {"10.0.0.1", "198.51.100.0/24", "10.0.0.1"}, /* an address, not a network */
    {"10.0.0.1", "", "10.0.0.1"},
    {"10.0.0.1", ",", "10.0.0.1"},
    {"10.0.0.1", NULL, "10.0.0.1"},
};

Test(network, only_trusted_proxies_say_where_a_request_comes_from)
{
    struct networks proxies;

    cr_assert(networks_parse("10.0.0.0/8", &proxies));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char written[ADDRESS_TEXT_SIZE + 4];
        struct network peer;

        cr_assert(network_parse(ways[i].peer, &peer));
        peer = network_of_client(&peer, ways[i].forwarded, &proxies);
        network_format(&peer, written);
        cr_expect_str_eq(written, ways[i].client, "%zu", i);
    }
}
