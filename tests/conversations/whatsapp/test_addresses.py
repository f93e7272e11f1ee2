"""Only the platform and the operator's own Graph address are called, never an inner network behind a name."""

import pytest

from conversations.whatsapp.addresses import AddressRefused, check, is_public, usable

META = "https://graph.facebook.com"
SANDBOX = "http://127.0.0.1:9000/graph"


@pytest.mark.parametrize(
    "url",
    [
        "https://graph.facebook.com/v25.0/1/messages",
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
        "https://mmg.whatsapp.net/v/t62",
        "https://api.facebook.com/x",
        "https://GRAPH.facebook.com:443/x",
    ],
)
def test_the_platforms_hosts_are_called(url):
    target = check(url, base=SANDBOX)

    assert not target.configured
    assert check(url, base=META).host == target.host


@pytest.mark.parametrize(
    "url",
    [
        "http://graph.facebook.com/x",
        "https://graph.facebook.com.example.org/x",
        "https://evilfbsbx.com/x",
        "https://example.org/x",
        "https://graph.facebook.com:8443/x",
        "https://user@graph.facebook.com/x",
        "https://graph.facebook.com\\@example.org/",
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:9001/graph",
        "https://127.0.0.1:9000/graph",
        "ftp://graph.facebook.com/x",
        "file:///etc/passwd",
        "https://[::1]/",
        "https://graph.facebook.com:99999/",
        "",
        "//graph.facebook.com",
    ],
)
def test_every_other_address_is_refused(url):
    with pytest.raises(AddressRefused) as refused:
        check(url, base=SANDBOX)
    assert not url or url not in str(refused.value)


def test_exactly_the_configured_address_may_be_an_inner_one():
    assert check("http://127.0.0.1:9000/other/path", base=SANDBOX).configured
    with pytest.raises(AddressRefused):
        check("http://127.0.0.1:9000/graph", base=META)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
        *("224.0.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"),
        *("2002:7f00:1::", "ff02::1", "odd"),
    ],
)
def test_inner_addresses_are_recognised_in_every_disguise(address):
    assert not is_public(address)
    with pytest.raises(AddressRefused):
        usable(["157.240.1.1", address], configured=False)
    assert usable([address], configured=True) == [address]


@pytest.mark.parametrize("address", ["157.240.1.1", "2a03:2880:f10c:283:face:b00c:0:25de", "64:ff9b::9df0:101"])
def test_addresses_of_the_open_internet_are_used(address):
    assert is_public(address)


def test_a_name_without_addresses_is_refused():
    with pytest.raises(AddressRefused):
        usable([], configured=True)
