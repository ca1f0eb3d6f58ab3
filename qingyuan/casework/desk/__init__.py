"""The desk for requests about one's own personal information (个人信息权利请求, 个人信息保护法第四十四至五十条).

``table`` says in pure code which papers prove what, which step follows which, on which ground something is refused; ``queries`` reads the
requests of one's own unit, each kept under the key of its own compartment.
"""
