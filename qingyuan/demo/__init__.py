"""The demo city 云岭市: fictional from the first name to the last number, made from a seed.

Owns: the story (who lives and works there, what happened from 2020 to 2022), the workbooks its offices keep, and the
loading of both through the same doors people use. Never does: write a row that a page or an import could not write.
"""
