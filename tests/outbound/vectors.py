"""Addresses that lead inside, or nowhere good, in every spelling that has fooled somebody; PORT is a listener's."""

FORBIDDEN = [
    # This machine, as a number in every base, short and long.
    *(
        "https://127.0.0.1:PORT/",
        "https://127.1:PORT/",
        "https://127.0.1:PORT/",
        "https://127.255.255.254:PORT/",
    ),
    *(
        "https://2130706433:PORT/",
        "https://0x7f000001:PORT/",
        "https://0x7f.1:PORT/",
        "https://0x7f.0.0.1:PORT/",
    ),
    *("https://0177.0.0.1:PORT/", "https://017700000001:PORT/", "https://0177.0x0.0.1:PORT/"),
    *("https://00000127.0.0.1:PORT/", "https://0:PORT/", "https://0.0.0.0:PORT/", "https://0x0:PORT/"),
    "https://127.0.0.1.:PORT/",
    # This machine by name.
    *("https://localhost:PORT/", "https://LOCALHOST:PORT/"),
    # This machine in letters and digits of other scripts.
    *(
        "https://①②⑦.⓪.⓪.①:PORT/",
        "https://\uff11\uff12\uff17.\uff10.\uff10.\uff11:PORT/",
        "https://127。0。0。1:PORT/",
    ),
    *("https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/", "https://٠١٢٧.0.0.1:PORT/", "https://loc\u00adalhost:PORT/"),
    # This machine in IPv6, and in IPv4 inside of it.
    *(
        "https://[::1]:PORT/",
        "https://[0:0:0:0:0:0:0:1]:PORT/",
        "https://[::]:PORT/",
        "https://[::127.0.0.1]:PORT/",
    ),
    *(
        "https://[::ffff:127.0.0.1]:PORT/",
        "https://[::ffff:7f00:1]:PORT/",
        "https://[::ffff:0:127.0.0.1]:PORT/",
    ),
    *(
        "https://[64:ff9b::127.0.0.1]:PORT/",
        "https://[64:ff9b::7f00:1]:PORT/",
        "https://[64:ff9b:1::7f00:1]:PORT/",
    ),
    *("https://[2002:7f00:1::]:PORT/", "https://[2002:7f00:1::1]:PORT/"),
    "https://[2001:0:7f00:1:0:0:80ff:fffe]:PORT/",
    *("https://[::1%25lo]:PORT/", "https://[::1%lo]:PORT/"),
    # Networks that are nobody else's.
    *("https://10.0.0.1/", "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.0.1/"),
    *("https://100.64.0.1/", "https://192.0.0.8/", "https://192.0.2.1/", "https://198.18.0.1/"),
    *("https://198.51.100.1/", "https://203.0.113.1/", "https://224.0.0.1/", "https://240.0.0.1/"),
    *("https://255.255.255.255/", "https://192.88.99.1/"),
    *("https://[fc00::1]/", "https://[fd12:3456::1]/", "https://[fe80::1]/", "https://[fec0::1]/"),
    *("https://[ff02::1]/", "https://[2001:db8::1]/", "https://[3fff::1]/", "https://[5f00::1]/"),
    *(
        "https://[100::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[2002:a00:1::]/",
        "https://[64:ff9b::a00:1]/",
    ),
    *("https://[::ffff:0:10.0.0.1]/", "https://[2002:c0a8:1::]/"),
    # Where clouds keep keys.
    *("https://169.254.169.254/latest/", "https://[::ffff:169.254.169.254]/", "https://[fd00:ec2::254]/"),
    *(
        "https://2852039166/",
        "https://0xA9FEA9FE/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://100.100.100.200/",
    ),
    "https://192.0.0.192/",
    # Credentials, and hosts that only look like others.
    *("https://hooks.example.org@127.0.0.1:PORT/", "https://user:word@hooks.example.org/"),
    *("https://127.0.0.1:PORT\\@hooks.example.org/", "https://hooks.example.org\\@127.0.0.1:PORT/"),
    *("https://127.0.0.1:PORT#@hooks.example.org/", "https://@hooks.example.org/"),
    *("https://hooks.example.org%2f@127.0.0.1:PORT/", "https://127.0.0.1%00.example.org:PORT/"),
    # Ports.
    *("https://hooks.example.org:22/", "https://hooks.example.org:6379/", "https://hooks.example.org:0/"),
    *("https://hooks.example.org:65536/", "https://hooks.example.org:-1/", "https://hooks.example.org:4 43/"),
    "https://hooks.example.org:٤٤٣/",
    # Schemes.
    *(
        "http://hooks.example.org/",
        "http://127.0.0.1:PORT/",
        "ftp://hooks.example.org/",
        "file:///etc/passwd",
    ),
    *("gopher://127.0.0.1:6379/_", "ws://hooks.example.org/", "javascript:alert(1)", "data:text/plain,x"),
    *("//hooks.example.org/", "hooks.example.org", "/hook", "", "https:", "https://", "https:///hook"),
    *("https:hooks.example.org", "https://:443/", "unix:///run/docker.sock", "dict://127.0.0.1:11211/"),
    # What one reader strips and another does not.
    *("https://hooks.example.org/\r\nx: y", "https://hooks.exa\tmple.org/", " https://hooks.example.org/"),
    *("https://hooks.example.org/\0", "https://hooks.example.org\n@127.0.0.1:PORT/", "https://[::1/"),
    *("https://[hooks.example.org]/", "https://hooks..example.org/", "https://-.example.org/", "https://*/"),
    *(
        "https://" + "a" * 64 + ".example.org/",
        "https://" + "a." * 200 + "org/",
        "https://h.org/" + "a" * 9000,
    ),
]

ALLOWED = [
    *("https://hooks.example.org/", "https://hooks.example.org:443/a?b=c", "https://hooks.example.org:80/"),
    *("https://hooks.example.org./hook", "HTTPS://HOOKS.EXAMPLE.ORG/", "https://xn--bcher-kva.example/"),
    *(
        "https://bücher.example/ä?ö=ü",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
    ),
    *("https://[64:ff9b::808:808]/", "https://h.org/?next=http://127.0.0.1/", "https://h.org/#@127.0.0.1"),
]
