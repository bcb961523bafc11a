"""An app that takes the guards named in MEDSHARE_UNGUARDED out of a server under test.

The portal's own code is not changed on disk and no test of the portal's behaviour runs with it:
it answers one question, whether a race would show if a guard were missing.
"""
