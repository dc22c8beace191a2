"""The script that Streamlit runs and its settings.

They have a folder of their own: Streamlit takes every file of a folder `pages` beside its script
for a page.
"""
