"""The script that Streamlit runs: ``streamlit run wfm/ui/run.py`` (what ``wfm app`` does)."""

if __name__ == "__main__":
    from wfm.ui.main import main

    main()
