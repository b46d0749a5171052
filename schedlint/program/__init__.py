"""Linking: what the names of a program stand for, across files, before anything is run.

`program.Program` answers from the facts alone; `resolver.Resolver` is asked only where they say unknown, and
`astroid_resolver` is the only module here, and anywhere, that imports astroid.
"""
